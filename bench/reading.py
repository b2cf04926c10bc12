"""Reading one catalog file of about 1 kB against yaml.load(CSafeLoader) of the same bytes."""

from collections.abc import Iterator

import yaml

from bench.harness import Measure, at_most, figure, ratios
from data.catalog.descriptors.reading import read_file
from data.documents import load_documents

_FILE = b"""\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  title: Checkout
  description: >-
    Takes what the payments domain sends, checks it against the rules of the ledger team,
    keeps it for ninety days and tells everybody who has subscribed.
  annotations:
    github.com/project-slug: acme/checkout
    backstage.io/techdocs-ref: dir:.
    pagerduty.com/service-id: P000042
  labels:
    tier: "1"
  tags: [java, payments, tier1]
  links:
    - url: https://grafana.example.com/d/checkout
      title: Dashboard
      icon: dashboard
    - url: https://wiki.example.com/runbooks/checkout
      title: Runbook
spec:
  type: service
  lifecycle: production
  owner: group:default/ledger
  system: payments
  providesApis:
    - checkout-api
  dependsOn:
    - component:default/cart
    - resource:default/checkout-db
"""


def run(quick: bool) -> Iterator[Measure]:
    """Documents with their lines, and everything that a file says."""

    def load() -> object:
        return yaml.load(_FILE, yaml.CSafeLoader)

    def documents() -> object:
        return load_documents(_FILE)

    def everything() -> object:
        return read_file(_FILE, "catalog-info.yaml", "bench", lambda _: b"")

    rounds, times = (3, 50) if quick else (21, 400)
    parsed, read = ratios([documents, everything], load, rounds=rounds, times=times)
    yield at_most("reading.documents", "guarded YAML with lines / yaml.load(CSafeLoader)", parsed, 0.55)
    yield figure("reading.file", "a file read, checked and described / the same", read, "x")
