"""What builds packages of operating systems says last is never the cause, where a command of the build said more."""

import pytest

from exlogare_ci.analysis import analyze


@pytest.mark.parametrize(
    ("text", "category", "cause"),
    [
        (
            (
                "Executing(%prep): /bin/sh -e /var/tmp/rpm-tmp.1\n"
                "/var/tmp/rpm-tmp.1: line 23: cd: BUILD: No such file or directory\n"
                "error: Bad exit status from /var/tmp/rpm-tmp.1 (%prep)\n\n\nRPM build errors:\n"
                "    Bad exit status from /var/tmp/rpm-tmp.1 (%prep)\n"
            ),
            "config.path",
            5,
        ),
        (
            (
                "error: Bad file: /builddir/build/SOURCES/0002-cart.patch: No such file or directory\n"
                "RPM build errors:\n"
                "    Bad file: /builddir/build/SOURCES/0002-cart.patch: No such file or directory\n"
            ),
            "config.path",
            4,
        ),
        (
            (
                "   dh_auto_test\nmake[2]: *** No rule to make target `check'.  Stop.\n"
                "make[2]: Leaving directory `/src'\n"
                "dh_auto_test: make -j1 check returned exit code 2\nmake: *** [build] Error 29\n"
                "dpkg-buildpackage: error: debian/rules build gave error exit status 2\n"
            ),
            "config.build_script",
            5,
        ),
        (
            (
                "ninja: no work to do.\n 1/32 shop:fails   EXPECTEDFAIL    0.01s   exit status 1\n"
                "14/32 shop:total  FAIL            0.07s   exit status 1\n32/32 shop:layer  OK              0.06s\n\n"
                "Ok:                 30  \nExpected Fail:      1   \nFail:               1   \n\n"
                "dh_auto_test: error: cd obj && meson test returned exit code 1\n"
                "make: *** [debian/rules:12: binary] Error 25\n"
                "dpkg-buildpackage: error: debian/rules binary subprocess returned exit status 2\n"
            ),
            "code.test",
            6,
        ),
        (
            (
                "==> Starting build()...\nProject ERROR: Unknown module(s) in QT: qml\n"
                "make: *** [sub-cart-make_first] Error 3\n"
                "==> ERROR: A failure occurred in build().\n    Aborting...\n"
            ),
            "deps.not_found",
            5,
        ),
    ],
    ids=["rpm script", "rpm patch", "debhelper", "meson", "qmake"],
)
def test_the_packagers_last_word_is_not_the_cause(text: str, category: str, cause: int) -> None:
    """rpmbuild, debhelper and makepkg only repeat that something ended badly."""
    log = f"##[group]Run ./package.sh\n./package.sh\n##[endgroup]\n{text}##[error]Process completed with exit code 1.\n"

    analysis = analyze(log.encode())

    assert (analysis.category, analysis.cause_line) == (category, cause)
