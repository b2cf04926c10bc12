"""Addresses of repositories: which may be used, and where their files can be looked at."""

import pytest

from data.catalog.sources.remote import check_ref, parse_remote
from data.errors import Invalid


@pytest.mark.parametrize(
    ("url", "transport", "address"),
    [
        ("https://github.com/acme/shop.git", "https", "https://github.com/acme/shop.git"),
        ("https://git.acme.example:8443/shop", "https", "https://git.acme.example:8443/shop"),
        ("https://bot:s3cret@github.com/acme/shop", "https", "https://github.com/acme/shop"),
        ("ssh://git@github.com:22/acme/shop.git", "ssh", "ssh://git@github.com:22/acme/shop.git"),
        ("git@github.com:acme/shop.git", "ssh", "git@github.com:acme/shop.git"),
        ("/srv/git/shop.git", "file", "file:///srv/git/shop.git"),
        ("file:///srv/git/shop.git", "file", "file:///srv/git/shop.git"),
    ],
)
def test_what_may_be_read(url: str, transport: str, address: str) -> None:
    remote = parse_remote(url)
    assert (remote.transport, remote.address) == (transport, address)
    assert "s3cret" not in remote.address


@pytest.mark.parametrize(
    "url",
    [
        "", "-u", "--upload-pack=touch x", "ext::sh -c id", "http://github.com/acme/shop", "git://github.com/acme/shop",
        "https://", "https://host", "https://-host/x/y", "ssh://-oProxyCommand=id/x", "ssh://git@-oProxyCommand=id/x",
        "-oProxyCommand=id:x", "git@host:-x", "https://host:port/x/y", "https://ho\nst/x", "file://server/share",
        "fd::17", "https://[::1/x", "relative/path", "git@ext::x",
    ],
)  # fmt: skip
def test_what_may_not(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse_remote(url)
    assert not url or url not in raised.value.message


@pytest.mark.parametrize("ref", ["main", "release/2026-03", "v1.2.3", "a" * 40, "feature_x"])
def test_refs(ref: str) -> None:
    assert check_ref(ref) == ref


@pytest.mark.parametrize(
    "ref",
    ["", "-x", "--upload-pack=id", "a..b", "a b", "a:b", "+a", "a\n", "a^{}", "@{1}", "x@{1}", "a//b", "a.lock"],
)
def test_what_is_no_ref(ref: str) -> None:
    with pytest.raises(Invalid):
        check_ref(ref)


@pytest.mark.parametrize(
    ("url", "view"),
    [
        ("git@github.com:acme/shop.git", "https://github.com/acme/shop/blob/main/a%20b/catalog-info.yaml"),
        ("https://github.com/acme/shop", "https://github.com/acme/shop/blob/main/a%20b/catalog-info.yaml"),
        ("https://gitlab.com/acme/shop.git", "https://gitlab.com/acme/shop/-/blob/main/a%20b/catalog-info.yaml"),
        (
            "https://bitbucket.org/acme/shop.git",
            "https://bitbucket.org/acme/shop/src/main/a%20b/catalog-info.yaml",
        ),
        ("https://git.acme.example/shop.git", ""),
        ("/srv/git/shop.git", ""),
    ],
)
def test_where_a_file_can_be_looked_at(url: str, view: str) -> None:
    remote = parse_remote(url)
    assert remote.view("main", "a b/catalog-info.yaml") == view
    if view:
        assert remote.inside(view, "main") == "a b/catalog-info.yaml"
        assert remote.inside(view, "other") is None
        assert remote.inside(view.replace("acme/shop", "acme/shop-2"), "main") is None
