@echo off
rem Starts the dashboard on Windows: finds Python 3.11 or newer, makes the environment, builds, serves.
chcp 65001 >nul
setlocal
cd /d "%~dp0..\.."
set "PYTHON="
for %%P in ("py -3" "python" "python3") do (
    if not defined PYTHON (
        %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=%%~P"
    )
)
if not defined PYTHON (
    echo 没有找到 Python 3.11 或更新的版本。请从 https://www.python.org/downloads/ 安装，勾选 Add python.exe to PATH，再运行一次。
    echo Python 3.11 or newer was not found: install it from the address above, then start this file again.
    pause
    exit /b 1
)
set "PYTHONUTF8=1"
%PYTHON% dashboard.py %*
set "STATUS=%ERRORLEVEL%"
if not "%STATUS%"=="0" pause
exit /b %STATUS%
