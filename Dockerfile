# The dashboard in a container: docker build -t dashboard . ; how it is run and kept: docs/operating.md
# The network is needed to build the image, never to run it.
FROM python:3.11-slim-bookworm

# A PDF without its own fonts is drawn with these. For .doc and .wps: --build-arg OFFICE=yes
ARG OFFICE=
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk ${OFFICE:+libreoffice-writer-nogui} \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .
# The demonstration is written now: the program's own folder is not writable when it runs.
RUN python -c "from pipeline.demonstration import demonstration; demonstration()" \
    && python -m compileall -q dashboard.py pages pipeline queries \
    && useradd --uid 10001 --create-home --home-dir /home/dashboard dashboard \
    && mkdir -p /data/sources /data/corrections && chown -R dashboard: /data

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PIPELINE_WAREHOUSE=/data/warehouse.duckdb \
    PIPELINE_SOURCES=/data/sources:/app/data/sources:/app/data/demo \
    PIPELINE_CORRECTIONS=/data/corrections \
    PIPELINE_INTAKE=/data/intake \
    PIPELINE_ACCESS=/data/access.csv \
    PIPELINE_EDITIONS=/data/editions \
    PIPELINE_LOG=stderr
USER dashboard
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/api/health', timeout=8)"]
CMD ["sh", "-c", "mkdir -p /data/sources /data/corrections && { [ -e \"$PIPELINE_WAREHOUSE\" ] || python -m pipeline build; } && exec python -m streamlit run dashboard.py --server.port 8501"]
