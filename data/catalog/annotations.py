"""What well-known annotations are for, so that a card can group them by the question they answer."""

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

USES: dict[str, Use] = {key: use for use, keys in _KEYS.items() for key in keys}
"""What each well-known annotation is for. Source: the documentation of the integrations that read them."""
