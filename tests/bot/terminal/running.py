"""What runs `idp` in a test, and the catalog that it runs on."""

from collections.abc import Callable

FILE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: team-payments}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-payments, title: Payments}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ann}
spec: {memberOf: [team-payments], profile: {displayName: Ann, email: ann@acme.example}}
"""

Idp = Callable[..., tuple[int, str, str]]
