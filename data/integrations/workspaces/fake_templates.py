"""The templates of the made-up workspace system: what the demo offers."""

from data.ports.workspaces import Choice, Parameter, Preset, Template

HOURS = 3600
CPU = Parameter(
    "cpu",
    "CPU cores",
    hint="More cost more.",
    default="2",
    choices=(Choice("2", "2 cores"), Choice("4", "4 cores"), Choice("8", "8 cores", "for big builds")),
)
DISK = Parameter(
    "disk", "Disk in GB", kind="number", default="20", minimum=10, maximum=200, mutable=False, required=True
)
BRANCH = Parameter(
    "branch",
    "Branch",
    hint="What is checked out.",
    default="main",
    pattern=r"^[A-Za-z0-9._/-]{1,60}$",
    fault="Letters, digits, dots, dashes and slashes, at most 60.",
)
DATA = Parameter("test_data", "Load the test data", kind="bool", default="true")
TOOLS = Parameter(
    "tools",
    "Tools",
    kind="list",
    default='["docker"]',
    choices=(Choice("docker", "Docker"), Choice("kubectl", "kubectl"), Choice("psql", "psql")),
)
SMALL = Preset("small", "Small", "for reading and small changes", {"cpu": "2", "disk": "20"}, default=True)
LARGE = Preset("large", "Large", "for builds and tests of everything", {"cpu": "8", "disk": "80"})

TEMPLATES: tuple[Template, ...] = (
    Template(
        "python",
        "Python service",
        "Python 3.12, PostgreSQL, the service's own checks",
        "v7",
        8 * HOURS,
        parameters=(CPU, DISK, BRANCH, DATA, TOOLS),
        presets=(SMALL, LARGE),
    ),
    Template("go", "Go service", "Go 1.24 and delve", "v3", 8 * HOURS, parameters=(CPU, DISK, BRANCH)),
    Template("node", "Node service", "Node 22 and npm", "v5", 8 * HOURS, parameters=(CPU, DISK, BRANCH)),
    Template(
        "gpu-lab", "GPU lab", "CUDA; its first build fails, for practice", "v1", 4 * HOURS, parameters=(DISK,)
    ),
    Template("python2", "Python 2", "", "v9", 8 * HOURS, deprecated="Use python."),
)
BREAKS_AT_FIRST = frozenset({"gpu-lab"})
