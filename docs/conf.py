"""How the documentation is built; `nox -s docs` treats every warning, such as a dead link, as an error."""

project = "Twinbench"
extensions = ["myst_parser"]
myst_enable_extensions = ["fieldlist"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {"description": "Does the decision about testing still hold?", "fixed_sidebar": True}
html_show_sphinx = False
html_copy_source = False
