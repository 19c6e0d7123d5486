"""A folder of originals of every kind, one of them hostile, and the warehouse read from it. All of it is made up."""

import csv
import io
import zipfile
from pathlib import Path

from pipeline.invent import invent_corpus
from pipeline.warehouse import build

HOSTILE_PAGE = "hostile.html"
HOSTILE = """<html><head><title>x</title><base href="http://outside.invalid/"><meta http-equiv="refresh" content="0;url=http://outside.invalid/refresh">
<link rel="stylesheet" href="http://outside.invalid/a.css"><link rel="preload" as="image" href="http://outside.invalid/pre.png">
<style>@import url(http://outside.invalid/b.css); p { background: url(http://outside.invalid/c.png) } .a{color:red;behavior:url(x)}
@media screen { p { background-image: url(http://outside.invalid/d.png) } } i { background: \\75rl(http://outside.invalid/e.png) }
b{width:expression(alert(1))} @font-face { font-family: x; src: url(http://outside.invalid/f.woff) } </style><script>parent.ran=1; window.ran=1</script></head>
<body onload="parent.ran=1" background="http://outside.invalid/g.png"><p onclick="parent.ran=1" style="background:url('http://outside.invalid/h.png')">2023年，全年主动公开政府信息501条。</p>
<img src="http://outside.invalid/i.png" onerror="parent.ran=1"><img src=x onerror=parent.ran=1 srcset="http://outside.invalid/j.png 2x">
<svg><script>parent.ran=1</script><image href="http://outside.invalid/k.png"/><use href="http://outside.invalid/l.svg#a"/></svg><math><mi xlink:href="http://outside.invalid/m">x</mi></math>
<form action="http://outside.invalid/n" method="post"><input name="a" autofocus onfocus="parent.ran=1"><button>送出</button></form>
<iframe src="http://outside.invalid/o"></iframe><iframe srcdoc="<script>parent.ran=1</script>"></iframe><object data="http://outside.invalid/p"></object><embed src="http://outside.invalid/q">
<a href="javascript:parent.ran=1">一</a><a href="http://outside.invalid/r" target="_top" ping="http://outside.invalid/s">二</a>
<video src="http://outside.invalid/t" poster="http://outside.invalid/u"></video><audio src="http://outside.invalid/v" autoplay></audio>
<table background="http://outside.invalid/w"><tr><td background="http://outside.invalid/x.png" style="list-style:url(http://outside.invalid/y)">甲</td><td>7</td></tr><tr><td>乙</td><td>8</td></tr></table>
<noscript><img src="http://outside.invalid/z.png"></noscript><template><script>parent.ran=1</script></template><xmp><script>parent.ran=1</script></xmp>
<div style="position:fixed;inset:0;z-index:9;background:image-set('http://outside.invalid/1.png' 1x)">盖住</div><p style="color:red;content:url(http://outside.invalid/2)">红</p>
<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"><img alt="章" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">
</body></html>""".encode()
# The district's own documents, by the kind each body's report is written in.
KINDS = ("html", "mht", "txt", "md", "pdf", "docx")


def made(folder: Path) -> Path:
    """Write the documents below `folder`; the path of the warehouse that was built from them."""
    documents = folder / "documents"
    invent_corpus(6, range(2019, 2023), 11, documents, formats=KINDS)
    with (documents / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    first = rows[0]
    (documents / HOSTILE_PAGE).write_bytes(HOSTILE)
    zipped = next(row for row in rows if row["path"].endswith(".txt"))
    content = (documents / zipped["path"]).read_bytes().replace("。".encode(), "。 ".encode(), 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("里面/年报.txt", content)
    (documents / "packed.zip").write_bytes(packed.getvalue())
    with (documents / "manifest.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([HOSTILE_PAGE, first["body"], "2023", "", ""])
    build([documents], folder / "warehouse.duckdb")
    return folder / "warehouse.duckdb"
