"""Which files of which Debian 12 packages become benchmark text.

The packages are those of `licenses/CORPUS.md`: free documentation, named there with version and
licence. Each row is (package, regular expression on the path inside the package, kind); the kinds
are the functions of `extract.py`. Small packages come first and the English giants last, so that
a limit on the size of the English part cuts only those.

Left out on purpose: the zh_TW pages of manpages-zh (made by machine from the zh_CN ones, so the
same text again) and PDF/EPUB/TXT twins of pages that are there as HTML.
"""

SOURCES = [
    ("fortunes-zh", r"games/fortunes/(tang300|song100)$", "fortune"),
    ("maint-guide-zh-cn", r"/html/.*\.zh-cn\.html$", "html"),
    ("debian-reference-zh-cn", r"/debian-reference/.*\.zh-cn\.html$", "html"),
    ("debian-edu-doc-zh-cn", r"manual\.html$", "html"),
    ("debian-edu-doc-legacy-zh-cn", r"manual\.html$", "html"),
    ("lilypond-doc-html-zh", r"/(learning|web)/.*\.zh\.html$", "html"),
    ("kicad-doc-zh", r"/help/zh/.*\.html$", "html"),
    ("gimp-help-zh-cn", r"/help/zh_CN/.*\.html$", "html"),
    ("manpages-zh", r"/man/zh_CN/man\d/.*\.gz$", "man"),
    ("wesnoth-1.16-data", r"/locale/zh_(CN|TW)/.*\.mo$", "mo"),
    ("libreoffice-help-zh-cn", r"/zh-CN/text/.*\.html$", "html"),
    ("debmake-doc", r"/html/.*\.(zh-cn|zh-tw|en)\.html$", "html"),
    ("gnome-user-docs", r"/help/(zh_CN|C)/.*\.page$", "html"),
    ("installation-guide-amd64", r"/(zh_CN|en)/.*\.html$", "html"),
    ("debian-reference-en", r"/debian-reference/.*\.en\.html$", "html"),
    ("debian-edu-doc-en", r"manual\.html$", "html"),
    ("developers-reference", r"/_sources/.*\.txt$", "plain"),
    ("manpages", r"/man/man\d/.*\.gz$", "man"),
    ("git-doc", r"/git-doc/.*\.txt$", "plain"),
    ("libreoffice-help-en-us", r"/en-US/text/.*\.html$", "html"),
    ("python3.11-doc", r"/_sources/.*\.txt$", "plain"),
    # The kernel's pages in other languages are left out, the Chinese ones are wanted.
    (
        "linux-doc-6.1",
        r"/html/_sources/(?!translations/(?!zh_)).*\.txt$",
        "plain",
    ),
]
