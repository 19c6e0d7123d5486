"""The server: Streamlit's pages with our headers, language and plain HTTP routes around them."""

if __name__ == "__main__":
    # `python3 dashboard.py` on a machine with nothing but Python: nothing of ours can be imported yet.
    from pipeline.environment import serve

    raise SystemExit(serve())

import streamlit as st

from pages.ui.server import MIDDLEWARE, ROUTES, lifespan

app = st.App("pages/frame.py", middleware=MIDDLEWARE, routes=ROUTES, lifespan=lifespan)
