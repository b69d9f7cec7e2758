"""A Slurm of one node on this machine, made of Debian's packages, for as long as a test lasts."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM_CONFIG = Path("/etc/slurm/slurm.conf")
SECONDS_TO_START = 60
# The controller gives up a node that has been silent for so long, and requeues its jobs.
SECONDS_UNTIL_NODE_IS_DOWN = 10

# No accounting: squeue must remember a finished job until snakemake has asked for it (MinJobAge).
MARK = "# Written by a test, which removes it.\n"
CONFIG = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdSpoolDir={folder}/spool
StateSaveLocation={folder}/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
MinJobAge=3600
ReturnToService=2
SlurmdTimeout={timeout}
KillWait=5
PlugStackConfig=/dev/null
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={megabytes} State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class CannotStartSlurm(Exception):
    """This machine cannot run the test; the message says why and what to do."""


def install_slurm() -> None:
    """Install the packages where they are missing."""
    if os.geteuid() != 0:
        raise CannotStartSlurm(
            "a one-node Slurm is started by root only; run the test as root, best in a container"
        )
    if SYSTEM_CONFIG.exists() and not SYSTEM_CONFIG.read_text(encoding="utf-8").startswith(MARK):
        raise CannotStartSlurm(
            f"{SYSTEM_CONFIG} is there: this machine belongs to a cluster, and the test would "
            "write its own; run it on another machine"
        )
    if all(map(shutil.which, ("slurmctld", "slurmd", "munged"))):
        return
    if not shutil.which("apt-get"):
        raise CannotStartSlurm(
            "slurmctld, slurmd or munged is missing and so is apt-get, which would install them; "
            "install Slurm and MUNGE, or run the test on Debian"
        )
    for command in (["update"], ["install", "-y", "--no-install-recommends", "slurm-wlm", "munge"]):
        run = subprocess.run(
            ["apt-get", "-qq", *command],
            check=False,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
        if run.returncode:
            raise CannotStartSlurm(
                f"`apt-get {' '.join(command)}` failed with the message above; install slurm-wlm "
                "and munge by hand, or run the test where Debian's packages can be reached"
            )


class OneNodeSlurm:
    """The three daemons, each a child of this process with a log of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = socket.gethostname().split(".")[0]
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start munged, slurmctld and slurmd, and wait until the node takes jobs."""
        folder = self.folder
        for name in ("spool", "state"):
            (folder / name).mkdir(parents=True)
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        (folder / "cgroup.conf").touch()
        config = folder / "slurm.conf"
        config.write_text(
            MARK
            + CONFIG.format(
                host=self.host,
                folder=folder,
                timeout=SECONDS_UNTIL_NODE_IS_DOWN,
                cores=os.cpu_count(),
                megabytes=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20 - 512,
            ),
            encoding="utf-8",
        )
        # The executor clears SLURM_CONF from the environment of a job: the file must be where
        # every command looks for it. What is left there is the link of a test that was killed.
        SYSTEM_CONFIG.parent.mkdir(exist_ok=True)
        SYSTEM_CONFIG.unlink(missing_ok=True)
        SYSTEM_CONFIG.symlink_to(config)
        files = {"key-file": "key", "socket": "socket", "pid-file": "pid"}
        files |= {"log-file": "log", "seed-file": "seed"}
        options = [f"--{option}={folder}/munge.{ending}" for option, ending in files.items()]
        self._run("munged", "--force", "--foreground", *options)
        wait_for(
            "munged opens its socket", (folder / "munge.socket").exists, seconds=SECONDS_TO_START
        )
        self._run("slurmctld", "-D", "-c", "-f", str(config))
        self.start_node()

    def start_node(self) -> None:
        """Start the daemon of the node, and wait until the node takes jobs."""
        self._run("slurmd", "-D", "-f", str(self.folder / "slurm.conf"), "-N", self.host)
        wait_for(
            f"the node takes jobs (logs: {self.folder}/*.out)",
            lambda: self.node_state() in {"idle", "mixed", "allocated", "completing"},
            seconds=SECONDS_TO_START,
        )

    def kill_node(self) -> None:
        """Kill the daemon of the node, as a crash would."""
        self.daemons["slurmd"].kill()
        self.daemons.pop("slurmd").wait()

    def node_state(self) -> str:
        """The node as sinfo sees it; a star at its end means that it does not answer."""
        return ask("sinfo", "--noheader", "--format=%T")

    def jobs(self, state: str) -> dict[str, str]:
        """Jobs in one state: number -> what the executor submitted."""
        lines = ask("squeue", "--noheader", f"--states={state}", "--format=%i %k").splitlines()
        return dict(line.split(maxsplit=1) for line in lines)

    def stop(self) -> None:
        """End jobs, then daemons, and leave nothing behind."""
        for number in self.jobs("running,pending"):
            ask("scancel", number)
        for name in reversed(self.daemons):
            self.daemons[name].terminate()
            self.daemons[name].wait(timeout=SECONDS_TO_START)
        SYSTEM_CONFIG.unlink(missing_ok=True)

    def _run(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as log:
            self.daemons[name] = subprocess.Popen(
                [shutil.which(name) or name, *arguments], stdout=log, stderr=log
            )


def ask(*command: str) -> str:
    """What a command prints; nothing where it fails, as all do while the controller starts."""
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False
    ).stdout.strip()


def wait_for(what: str, happened: Callable[[], object], seconds: float) -> object:
    """Wait until something happened; returns what `happened` then returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := happened():
            return result
        time.sleep(0.2)
    raise TimeoutError(f"in vain for {seconds:g} s: that {what}")


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[OneNodeSlurm]:
    """A Slurm that takes jobs, and is gone afterwards."""
    install_slurm()
    slurm = OneNodeSlurm(folder)
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.stop()
