"""The durable engine: the one place that imports dbos.

Waiting is a row, running is a workflow, a timer is a delayed workflow with a deterministic id. Our own tables are
the truth and the journal: a workflow carries ids only, may run twice, and finds in the rows how far it is.
DBOS brings what is hard: claiming work once over replicas, delays, limits, and starting again after a crash.
"""

import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from dbos import error as dbos_error

from data.errors import Unavailable
from data.ports.engine import WorkState
from data.store import replicas
from data.store.database import Database, Store
from data.store.schema import Guests
from workflows.engine_log import BRIEFLY

log = logging.getLogger(__name__)

# Never derived from the source, as DBOS would: any change would strand what waits, silently. Work carries ids
# only, so that every version can do what any other has enqueued.
VERSION = "1"
APP = "idp"
# Work at once in one process. Digests and Homes have queues of their own, so that a thousand of them hold up no
# approval; and there is a thread for each, so that no queue whose calls hang holds up another.
QUEUES = {"actions": 8, "revocations": 8, "messages": 4, "homes": 2, "facts": 2, "workspaces": 3, "digests": 1}
THREADS = sum(QUEUES.values())
# Of its tables, those that `open` and `launch` fill are not carried over to another database.
TABLES = Guests("dbos", "dbos_migrations", frozenset({"dbos_migrations", "queues", "application_versions"}))
PAGE = 1000
_STATES: Mapping[str, WorkState] = {
    "ENQUEUED": "waiting",
    "DELAYED": "waiting",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "CANCELLED": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the engine reacts, in seconds.

    `poll`: looking for work. `beat`: saying that this replica is alive. `lease`: after how long without that it
    counts as dead, much longer than any pause of the process or the database.
    """

    poll: float = 0.5
    beat: float = 5.0
    lease: float = 30.0


class Engine:
    """Implements the port `data.ports.Engine` on the house's own database.

    `open` is enough to enqueue (a web process without a worker); `launch` makes this process work as well. DBOS
    allows one launched engine in a process.
    """

    def __init__(self, database: Database, queues: Mapping[str, str], pace: Pace | None = None) -> None:
        """`queues` says on which queue each kind of work runs; what it does not name runs on "actions"."""
        self.database = database
        self.pace = pace or Pace()
        self._queues = queues
        self._stop, self._left = threading.Event(), threading.Event()
        self._pulse: threading.Thread | None = None
        shared = database.kind == "postgresql"
        self.executor = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}" if shared else "local"

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @cached_property
    def _client(self) -> DBOSClient:
        # Fails at once when the database is away, so that a click is answered instead of waiting.
        return DBOSClient(
            system_database_url=self.database.url,
            application_name=APP,
            serializer=DBOSPortableJSONSerializer(),
            system_database_pool_size=2,
            retry_connection_errors=False,
        )

    def open(self) -> None:
        """Make DBOS's tables and the queues; safe for replicas that start at once.

        Raises Unavailable when the database does not answer, Conflict when it is not migrated.
        """
        self.database.check()
        if not logging.getLogger("dbos").handlers:  # else DBOS brings a handler of its own and stops propagation
            logging.getLogger("dbos").addHandler(logging.NullHandler())
        logging.getLogger("dbos").setLevel(logging.WARNING)
        logging.getLogger("dbos").addFilter(_tells_of_trouble)
        logging.getLogger("dbos").addFilter(BRIEFLY)
        with self.database.answering():
            DBOS.migrate(self.database.url)
            for name, limit in QUEUES.items():
                self._client.register_queue(name, worker_concurrency=limit, polling_interval_sec=self.pace.poll)

    def launch(self, works: Mapping[str, Callable[..., None]]) -> None:
        """Begin to work: each kind of work by its name. Takes up what this process, or a dead one, has left.

        Raises Unavailable when the database does not answer: then this process cannot work, and ends.
        """
        if self.database.kind == "postgresql":
            self._beat()  # before the first claim, or others would take this process for dead
        for name, function in works.items():
            DBOS.workflow(name=name, max_recovery_attempts=None)(self._outliving(function))
        with self.database.answering():
            DBOS(config=self._config())
            DBOS.launch()
        if self.database.kind == "postgresql":
            self._pulse = threading.Thread(target=self._pulsing, name="pulse", daemon=True)
            self._pulse.start()

    def _config(self) -> DBOSConfig:
        return {
            "name": APP,
            "system_database_url": self.database.url,
            "application_version": VERSION,
            "executor_id": self.executor,
            "serializer": DBOSPortableJSONSerializer(),
            "max_executor_threads": THREADS,
            # DBOS's notifications are of no use here; a process that ends waits until their thread looks up.
            "notification_listener_polling_interval_sec": self.pace.poll,
            "notification_coalesce_sec": self.pace.poll,
            "sys_db_pool_size": 8,
            "log_level": "WARNING",
            "enable_otlp": False,
            "run_migrations": False,
        }

    def enqueue(self, store: Store, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        """See the port: in the transaction of `store`, once for each id."""
        queue = self._queue_of(work)
        options: Any = {"workflow_name": work, "queue_name": queue, "workflow_id": id, "app_version": VERSION}
        if delay > 0:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(store.connection, options, *args)

    def _queue_of(self, work: str) -> str:
        return self._queues.get(work, "actions")

    def states(self, ids: Collection[str]) -> Mapping[str, WorkState]:
        """See the port."""
        asked, found = list(ids), []
        for start in range(0, len(asked), PAGE):
            some = asked[start : start + PAGE]
            with self.database.reading():  # so that a database that is away is Unavailable here too
                found += self._client.list_workflows(workflow_ids=some, load_input=False, load_output=False)
        return {workflow.workflow_id: _STATES[workflow.status] for workflow in found}

    def withdraw(self, work: str, beginning: str) -> None:
        """See the port. What begins at this very moment may be done nevertheless."""
        waiting: dict[str, Any] = {"queue_name": self._queue_of(work), "status": "ENQUEUED", "name": work}
        with self.database.reading():
            found = self._client.list_workflows(
                **waiting, workflow_id_prefix=beginning, load_input=False, load_output=False
            )
        if found:
            self._client.delete_workflows([workflow.workflow_id for workflow in found])

    def forget(self, before: datetime) -> int:
        """See the port. A forgotten id may be enqueued again; the rows then say that there is nothing to do."""
        ended: dict[str, Any] = {
            "completed_before": before.isoformat(),
            "limit": PAGE,
            "load_input": False,
            "load_output": False,
        }
        forgotten = 0
        while found := self._client.list_workflows(**ended):
            self._client.delete_workflows([workflow.workflow_id for workflow in found])
            forgotten += len(found)
        return forgotten

    def settle(self, seconds: float = 10.0) -> bool:
        """Whether nothing waits or runs any more (delayed work aside) within `seconds`; for tests and the demo."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self._client.list_workflows(
                status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
            ):
                return True
            time.sleep(0.05)
        return False

    def stop(self, drain: int = 8) -> None:
        """Begin nothing new, give running work `drain` seconds to reach its next boundary, leave the rest.

        A thread that is still in a call to the outside then keeps the process alive: the caller ends it.
        """
        self._stop.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=drain)
        # What outlasts the drain finds nobody who could record its end, and is begun again by the next start: as
        # DBOS tells it, the "system database [was] accessed before DBOS was launched", it reads like a fault.
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        self._left.set()
        if self._pulse:
            self._pulse.join(timeout=self.pace.beat + 1)
            self._leave()
        self.close()

    def close(self) -> None:
        """Give the connections of a process that only enqueues back."""
        if "_client" in self.__dict__:
            self._client.destroy()

    def _outliving(self, function: Callable[..., None]) -> Callable[..., None]:
        """Work that waits while the database is away; any other error is logged and recorded as failed by DBOS."""

        def run(*args: str | int) -> None:
            wait = 0.5
            while True:
                try:
                    return function(*args)
                except Unavailable as error:
                    if self.stopping:
                        raise
                    log.warning("work waits: %s", error.message)
                    self._stop.wait(wait := min(wait * 2, 30.0))

        return run

    def _pulsing(self) -> None:
        while not self._left.wait(self.pace.beat):
            try:
                self._beat()
                self._reap()
            except Unavailable as error:
                log.warning("no heartbeat: %s", error.message)
            except Exception:  # whatever it was: without the next beat others would take this process for dead
                log.exception("no heartbeat")

    def _beat(self) -> None:
        with self.database.store() as store:
            replicas.beat(store, self.executor)

    def _reap(self) -> None:
        """Put what dead replicas held back into its queue."""
        with self.database.store() as store:
            if not replicas.only_reaper(store):
                return
            running = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
            # Asked for afterwards: a replica that began meanwhile said so before it began any of these.
            living = replicas.alive(store, timedelta(seconds=self.pace.lease))
            orphans: dict[str, list[str]] = {}
            for workflow in running:
                if workflow.executor_id not in living and workflow.queue_name:
                    orphans.setdefault(workflow.queue_name, []).append(workflow.workflow_id)
            for queue, ids in orphans.items():
                log.warning("taking over %d of %s", len(ids), queue)
                self._client.resume_workflows(ids, queue_name=queue)

    def _leave(self) -> None:
        try:
            with self.database.store() as store:
                replicas.leave(store, self.executor)
        except Unavailable as error:
            log.warning("left without a word: %s", error.message)


def _tells_of_trouble(record: logging.LogRecord) -> bool:
    """Not so: work that was withdrawn as it began, or taken over, and finds nowhere to record its end."""
    error = record.exc_info[1] if record.exc_info else None
    lost = (
        isinstance(error, dbos_error.DBOSNonExistentWorkflowError)
        or "outcome was not recorded" in record.getMessage()
    )
    return not lost
