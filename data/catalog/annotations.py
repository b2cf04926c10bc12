"""What well-known annotations are for, so that a card can group them by the question they answer."""

from collections.abc import Mapping
from typing import Literal

Use = Literal["on-call", "source", "docs", "tracker", "quality", "deploy", "ci", "monitoring"]

_KEYS: dict[Use, tuple[str, ...]] = {
    "on-call": (
        "pagerduty.com/integration-key",
        "pagerduty.com/service-id",
        "opsgenie.com/component-selector",
        "opsgenie.com/team",
        "splunk.com/on-call-team",
        "splunk.com/on-call-routing-key",
        "firehydrant.com/service-name",
        "rootly.com/service-slug",
        "rootly.com/service-id",
        "betteruptime.com/monitor-url",
    ),
    "source": (
        "github.com/project-slug",
        "github.com/team-slug",
        "gitlab.com/project-slug",
        "bitbucket.org/project-slug",
        "backstage.io/source-location",
    ),
    "docs": ("backstage.io/techdocs-ref", "backstage.io/techdocs-entity", "backstage.io/adr-location"),
    "tracker": ("jira/project-key", "jira/component"),
    "quality": ("sonarqube.org/project-key", "snyk.io/org-id"),
    "deploy": (
        "argocd/app-name",
        "argocd/app-selector",
        "backstage.io/kubernetes-id",
        "backstage.io/kubernetes-label-selector",
    ),
    "ci": (
        "circleci.com/project-slug",
        "buildkite.com/project-slug",
        "dev.azure.com/project",
        "jenkins.io/job-full-name",
    ),
    "monitoring": (
        "datadoghq.com/dashboard-url",
        "grafana/dashboard-selector",
        "grafana/alert-label-selector",
        "prometheus.io/rule",
        "sentry.io/project-slug",
        "newrelic.com/dashboard-guid",
    ),
}


def by_use(annotations: Mapping[str, str]) -> Mapping[Use, Mapping[str, str]]:
    """The well-known ones that say something, by what they are for.

    Source: the documentation of the integrations that read them.
    """
    said = {use: {key: text for key in keys if (text := annotations.get(key))} for use, keys in _KEYS.items()}
    return {use: found for use, found in said.items() if found}
