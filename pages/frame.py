"""The frame of every page: menu, filters, language. A page itself is a file of its own beside this one."""

import streamlit as st

from pages.ui import DESK, PAGES, access, filters, sheet, store, watch
from pages.ui.words import speak

with store.one_build():
    say = speak()
    st.set_page_config(page_title=say("app.title"), layout="wide", initial_sidebar_state=248)
    sheet.style()
    menu = [
        st.Page(f"{name}.py", title=say(f"menu.{name}"), default=name == PAGES[0]) for name in (*PAGES, *DESK)
    ]
    # A menu of links of our own: Streamlit's would drop the filters from the address.
    page = st.navigation(menu, position="hidden")
    with st.sidebar:
        asking = access.visitor()
        sheet.menu(
            say("app.title"),
            [
                page
                for name, page in zip((*PAGES, *DESK), menu, strict=True)
                if asking.may(access.needed(name))
            ],
        )
        if store.is_there():
            filters.show(say)
        filters.show_language(say)
        filters.show_tables(say)
        if access.is_on() and asking.role is not None:
            sheet.signed_in(asking, say)
    if "batch" in st.query_params:
        # Only now: the desk brings along what reads documents, and pages start without it.
        from pages.ui import desk

        desk.banner(say)
    with watch.page(page.url_path or PAGES[0]) as seen:
        try:
            page.run()
        except Exception as error:  # noqa: BLE001  it is told of under its number
            # Whatever it is: the log has the details, the reader is told what to do, and under which number to ask.
            sheet.failed(seen.failed(error), say)
