"""Run the study on machines, and for users, as others have them: make test-environments.

Each trial copies the checkout, arranges an environment and runs real commands in it. Printed is a
table with a line for each: trial, command, outcome. What they print is kept in a file for each
trial; its end is shown where one fails, and the exit code is 1 then. A trial that cannot be
arranged here is skipped and says why: other versions of Python, for one, are looked for on PATH.
Trials that last seconds are ordinary tests as well, which the table names.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.engine import copy_checkout

BIN = Path(sys.executable).parent
SMOKE = ("--configfile", "config/smoke.yaml")
RULE = "results/smoke/tables/global_minimum_members.parquet"  # of a job of a second
FIGURE = "results/smoke/figures/one_neuron.svg"  # drawn two jobs from the start
NOBODY = 65534
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt:/etc/ssl/certs/ca-certificates.crt:ro"
NOT_A_HOME = os.devnull  # below it nothing can be made, not even by root
SET_BY_USERS = ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "XDG_CACHE_HOME")
WIDTH = 78  # of a command in the table
PYTHONS = ("python3.12", "python3.13")
SETTINGS = "text.usetex: True\naxes.grid: True\nsavefig.bbox: tight\nlines.linewidth: 9\n"
COMPILE = "from relu_landscape import find_minima; print(len(find_minima(3, 3, 5, seed=1).losses))"
LOSS = "from relu_landscape import population_loss; print(population_loss([[1, 0]], [[1, 0]]))"
STATE = (
    "import json; from pathlib import Path; from relu_landscape.evidence.manifest import git_state;"
    "print(json.dumps(git_state(Path.cwd())))"
)


class Failed(Exception):
    """A command did not end as it must."""


class Skipped(Exception):
    """What a trial needs is not here."""


class Trial(NamedTuple):
    """A trial: what it runs, and the ordinary test of the same, if there is one."""

    run: Callable[["Site"], None]
    test: str


TRIALS: dict[str, Trial] = {}


def trial(name: str, test: str = "") -> Callable[[Callable[["Site"], None]], None]:
    """Register a trial by its name; `test` is the file of the ordinary test of it."""

    def register(run: Callable[["Site"], None]) -> None:
        TRIALS[name] = Trial(run, test)

    return register


def main() -> int:
    """Run the trials and print what came of them."""
    options = parse_options()
    logs = options.logs or Path(tempfile.mkdtemp(prefix="environments-"))
    logs.mkdir(parents=True, exist_ok=True)
    failed = [name for name in options.trials or TRIALS if not carry_out(name, logs.absolute())]
    print(f"what they printed: {logs}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def parse_options() -> argparse.Namespace:
    """Which trials, and where what they print is kept."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.environments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("trials", nargs="*", help=f"default: all of {', '.join(TRIALS)}")
    parser.add_argument("--logs", type=Path, help="folder (default: a temporary one)")
    options = parser.parse_args()
    unknown = sorted(set(options.trials) - set(TRIALS))
    if unknown:
        parser.error(f"no trial {', '.join(unknown)}; there are {', '.join(TRIALS)}")
    return options


def carry_out(name: str, logs: Path) -> bool:
    """Run one trial and print its lines of the table; returns whether it did not fail."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="environment-", ignore_cleanup_errors=True) as folder:
        # Another user than the one who starts the trials has to find his checkout.
        Path(folder).chmod(0o755)
        site = Site(name, Path(folder), logs / f"{name}.log")
        try:
            TRIALS[name].run(site)
        except Skipped as reason:
            site.say("", f"skipped: {reason}")
        except Failed as failure:
            site.say(site.command, f"FAILED: {failure}")
            print("\n".join(site.log.read_text(encoding="utf-8").splitlines()[-30:]))
            return False
        also = f", also in {TRIALS[name].test}" if TRIALS[name].test else ""
        site.say("", f"{time.monotonic() - start:.0f} s{also}")
    return True


class Site:
    """The folder of one trial, its environment, and what it has run."""

    def __init__(self, name: str, folder: Path, log: Path) -> None:
        self.name, self.folder, self.log = name, folder, log
        self.command = ""
        self.log.write_text("", encoding="utf-8")

    def say(self, command: str, outcome: str) -> None:
        """Print a line of the table."""
        print(f"{self.name:<10} | {command:<{WIDTH}} | {outcome}", flush=True)

    def checkout(self, name: str = "checkout") -> Path:
        """A copy of the checkout, in which nothing was run."""
        return copy_checkout(self.folder / name)

    def run(
        self,
        *command: str | Path,
        cwd: Path,
        prefix: Sequence[str] = (),
        variables: Mapping[str, str | None] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with the variables of this process, changed; None takes one away."""
        self.command = shown(variables or {}, [str(word) for word in command])
        environment = {key: value for key, value in os.environ.items() if key not in SET_BY_USERS}
        for key, value in (variables or {}).items():
            environment.pop(key, None)
            if value is not None:
                environment[key] = value
        ran = subprocess.run(
            [*prefix, *map(str, command)],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        with self.log.open("a", encoding="utf-8") as log:
            print(variables or {}, *prefix, *command, file=log)
            print(ran.stdout, f"exit code {ran.returncode}", sep="\n", file=log)
        return ran

    def succeeds(self, *command: str | Path, **options: object) -> str:
        """Run a command that must succeed; returns what it printed."""
        ran = self.run(*command, **options)  # type: ignore[arg-type]
        self.require(ran.returncode == 0, f"exit code {ran.returncode}")
        self.say(self.command, "ok")
        return ran.stdout

    def is_refused(self, *command: str | Path, words: Sequence[str], **options: object) -> None:
        """Run a command that must fail with one line that has these words, and no traceback."""
        ran = self.run(*command, **options)  # type: ignore[arg-type]
        told = [line for line in ran.stdout.splitlines() if all(word in line for word in words)]
        self.require(ran.returncode != 0, "it was not refused")
        self.require(len(told) == 1, f"not one line with {', '.join(words)}")
        self.require("Traceback" not in ran.stdout, "a traceback")
        self.say(self.command, "refused in one line")

    def require(self, holds: bool, failure: str) -> None:
        """Fail unless something holds."""
        if not holds:
            raise Failed(failure)


def shown(variables: Mapping[str, str | None], command: Sequence[str]) -> str:
    """A command as the table shows it, without folders and without what is the same in all."""
    settings = [
        f"-u {name}" if value is None else f"{name}={Path(value).name or value}"
        for name, value in variables.items()
    ]
    words = [
        # Of a program its last statement.
        Path(word).name if word.startswith("/") else word.rpartition(";")[2].strip()
        for word in command
        if not word.startswith(("VENV=", "BIN="))
    ]
    line = " ".join(["env", *settings, *words] if settings else words)
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."


def snakemake(*arguments: str) -> list[str | Path]:
    """The engine of the environment of this process."""
    return [BIN / "python", "-m", "snakemake", "--cores", "1", *arguments]


def make(checkout: Path, *arguments: str) -> list[str | Path]:
    """make, with the environment of this process in place of one of its own."""
    venv = checkout / "env"
    venv.mkdir(exist_ok=True)
    (venv / ".ready").touch()
    return ["make", *arguments, "VENV=env", f"BIN={BIN}"]


def program(text: str) -> list[str | Path]:
    """A program of Python in the environment of this process."""
    return [BIN / "python", "-c", text]


def without_powers() -> list[str]:
    """What is put before a command so that root can no longer write what is read-only."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise Skipped("root can write everywhere, and there is no setpriv to give that up")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]


def as_nobody(*of_user: Path) -> list[str]:
    """What is put before a command that a user without a home runs, who owns these folders."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        raise Skipped("only root can be another user, by setpriv")
    for folder in of_user:
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", folder], check=True)
    # The first program still has the capabilities of root; what it starts, as all later ones, none.
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", "env"]


def path_without(folder: Path, *names: str) -> str:
    """A PATH on which all commands are found but these."""
    folder.mkdir()
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        for command in sorted(place.glob("*")) if place.is_dir() else ():
            link = folder / command.name
            if command.name not in names and not link.is_symlink():
                link.symlink_to(command)
    return str(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take away the right to write a folder and all below it."""
    subprocess.run(["chmod", "-R", "a-w", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    subprocess.run(command, check=True, capture_output=True)


@trial("paths", test="tests/workflow/test_places.py")
def paths_that_a_shell_takes_apart(site: Site) -> None:
    """A path with a space, quotes or a dollar is refused before an environment is built."""
    for name in ("a check out", "a'b", 'a"b', "a$b"):
        checkout = site.checkout(name)
        words = ["move or rename", f"has {name[1]!r}" if name[1] != "b" else "has"]
        site.is_refused("make", "study", cwd=checkout, words=words)
        site.require(not (checkout / ".venv").exists(), "an environment was begun")
        site.is_refused(*snakemake(*SMOKE), cwd=checkout, words=words)
    site.succeeds(*snakemake(*SMOKE, "--", RULE), cwd=site.checkout("étude+1"))


@trial("elsewhere", test="tests/workflow/test_places.py")
def run_from_another_folder(site: Site) -> None:
    """A module or `--directory` makes the same elsewhere, also where the checkout is read-only."""
    checkout, other = site.checkout(), site.folder / "other"
    importer = checkout / ".test"
    site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=checkout)
    site.succeeds(*snakemake("--", FIGURE), cwd=importer)
    snakefile = ("--snakefile", str(checkout / "workflow/Snakefile"))
    configfile = ("--configfile", str(checkout / "config/smoke.yaml"))
    with read_only(checkout):
        directory = ("--directory", str(other), "--", FIGURE)
        site.succeeds(
            *snakemake(*snakefile, *configfile, *directory),
            cwd=site.folder,
            prefix=without_powers(),
        )
    for folder in (importer, other):
        same = (folder / FIGURE).read_bytes() == (checkout / FIGURE).read_bytes()
        site.require(same, f"the figure of {folder.name} is another")
    checkout = checkout.rename(site.folder / "moved")
    told = site.succeeds(*snakemake(*SMOKE, "--dry-run", "--", FIGURE), cwd=checkout)
    site.require("Nothing to be done" in told, "a moved checkout repeats something")
    check = [BIN / "python", "-m", "relu_landscape", "check-config", checkout / "config/smoke.yaml"]
    site.succeeds(*check, cwd=other, variables={"PYTHONPATH": str(checkout / "src")})


@trial("home", test="tests/unit/test_compiling.py")
def without_a_home(site: Site) -> None:
    """No home, or none that can be written, and a library that cannot be written either."""
    checkout, here = site.checkout(), site.folder / "here"
    here.mkdir()
    source = {"PYTHONPATH": str(checkout / "src")}
    with read_only(checkout):
        for home in (NOT_A_HOME, "~", None):
            for text in (LOSS, COMPILE):
                variables = {"HOME": home, "PYTHONDONTWRITEBYTECODE": "1", **source}
                site.succeeds(
                    *program(text), cwd=here, prefix=without_powers(), variables=variables
                )
    site.require(not list(here.iterdir()), "something was left in the working directory")
    for home in (NOT_A_HOME, None):
        estimate = make(checkout, "estimate", "PROFILE=smoke")
        site.succeeds(*estimate, cwd=checkout, variables={"HOME": home})
    site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=checkout, variables={"HOME": None})
    site.require(not (checkout / "~").exists(), "a folder named ~")


@trial("matplotlib", test="tests/unit/test_figure_style.py")
def settings_of_matplotlib(site: Site) -> None:
    """A matplotlibrc of the user and a backend that does not exist change no byte of a figure."""
    plain, other = site.checkout("plain"), site.checkout("other")
    (other / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    rc = {"MATPLOTLIBRC": str(other / "matplotlibrc"), "MPLBACKEND": "nosuch"}
    site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=plain)
    site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=other, variables=rc)
    same = (plain / FIGURE).read_bytes() == (other / FIGURE).read_bytes()
    site.require(same, "another figure")


@trial("locales", test="tests/workflow/test_places.py")
def locales(site: Site) -> None:
    """Locales whose encoding is not UTF-8 change neither a figure nor the documentation."""
    if shutil.which("localedef") is None:
        raise Skipped("no localedef, which makes a locale")
    plain = site.checkout("plain")
    site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=plain)
    for language, encoding in (("ja_JP", "EUC-JP"), ("de_DE", "ISO-8859-1")):
        name = f"{language}.{encoding}"
        command = ["localedef", "-i", language, "-f", encoding, str(site.folder / name)]
        if subprocess.run(command, capture_output=True).returncode > 1:  # 1 is a warning
            raise Skipped(f"localedef has no sources of {name}")
        variables = {"LOCPATH": str(site.folder), "LC_ALL": name, "PYTHONUTF8": None}
        found = site.run("locale", "charmap", cwd=plain, variables=variables).stdout.strip()
        site.require(found == encoding, f"the encoding is {found}")
        checkout = site.checkout(f"in {name}".replace(" ", "_"))
        site.succeeds(*snakemake(*SMOKE, "--", FIGURE), cwd=checkout, variables=variables)
        same = (plain / FIGURE).read_bytes() == (checkout / FIGURE).read_bytes()
        site.require(same, "another figure")
        source = variables | {"PYTHONPATH": str(checkout / "src")}
        site.succeeds(*make(checkout, "docs"), cwd=checkout, variables=source)
        for page in ("config/README.md", "docs/tables.md", "docs/figures.md"):
            same = (plain / page).read_bytes() == (checkout / page).read_bytes()
            site.require(same, f"another {page}")


@trial("git", test="tests/unit/test_provenance.py")
def states_of_git(site: Site) -> None:
    """The commit of another repository is not recorded, and without git all runs."""
    outer = site.folder / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "commit", "--allow-empty", "-m", "of another project")
    checkout = copy_checkout(outer / "checkout")
    source = {"PYTHONPATH": str(checkout / "src")}

    def revision(variables: Mapping[str, str | None]) -> str | None:
        said = site.succeeds(*program(STATE), cwd=checkout, variables=variables)
        state = json.loads(said)
        site.require(bool(state["revision"]) != ("unknown_because" in state), f"state {state}")
        return state["revision"]

    site.require(revision(source) is None, "the commit of another project")
    git_dir = source | {"GIT_DIR": str(outer / ".git")}
    site.require(revision(git_dir) is None, "the commit that a hook is about")
    path = {"PATH": path_without(site.folder / "bin", "git", "nproc")}
    site.require(revision(source | path) is None, "a commit without git")
    estimate = make(checkout, "estimate", "PROFILE=smoke")
    site.succeeds(*estimate, cwd=checkout, variables=path)
    tests = [BIN / "python", "-m", "pytest", "-q", "tests/unit/test_published_results.py"]
    site.succeeds(*tests, cwd=checkout, variables=source | path)
    site.succeeds(*tests, cwd=checkout, variables=source)
    git(checkout, "init")
    git(checkout, "add", "--all")
    git(checkout, "commit", "-m", "of this project")
    site.require(revision(source) is not None, "no commit of its own repository")


@trial("cores", test="tests/unit/test_places.py")
def numbers_of_cores(site: Site) -> None:
    """The number of cores is that of this process, or what is wrong with it is told in one line."""
    checkout = site.checkout()
    path = path_without(site.folder / "bin", "nproc")
    variables = {"PATH": path, "OMP_NUM_THREADS": "1000"}
    estimate = make(checkout, "estimate", "PROFILE=smoke")
    said = site.succeeds(*estimate, cwd=checkout, variables=variables)
    site.require(f"on {len(os.sched_getaffinity(0))} cores" in said, "another number of cores")
    for cores in ("0", "x"):
        asked = make(checkout, "study", "PROFILE=smoke", f"CORES={cores}")
        site.is_refused(*asked, cwd=checkout, words=[f"cores are {cores!r}", "allowed"])


@trial("read_only", test="tests/unit/test_places.py")
def read_only_checkout(site: Site) -> None:
    """A checkout that cannot be written is told to be one; the library in it can be used."""
    checkout, prefix = site.checkout(), without_powers()
    words = [str(checkout), "copy the checkout to one"]
    with read_only(checkout):
        site.is_refused("make", "study", cwd=checkout, prefix=prefix, words=words)
        site.is_refused(*snakemake(*SMOKE), cwd=checkout, prefix=prefix, words=words)
        source = {"PYTHONPATH": str(checkout / "src")}
        site.succeeds(*program(COMPILE), cwd=checkout, prefix=prefix, variables=source)


@trial("notebooks", test="tests/unit/test_notebooks.py")
def kernels_of_the_user(site: Site) -> None:
    """A kernel, a start-up file and folders of the user do not reach a notebook."""
    checkout, user = site.checkout(), site.folder / "user"
    startup = user / "ipython/profile_default/startup/00.py"
    kernel = user / "kernels/python3/kernel.json"
    for path in (startup, kernel):
        path.parent.mkdir(parents=True)
    startup.write_text("raise SystemExit('of the user')", encoding="utf-8")
    spec = {"argv": ["false"], "display_name": "of the user", "language": "python"}
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    cells = ["results = 'none'", "import sys; print(sys.executable, results)"]
    heading = {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": "# Small"}
    notebook = {
        "cells": [
            heading,
            *(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"cell{number}",
                    "metadata": {"tags": ["parameters"] * (number == 0)},
                    "outputs": [],
                    "source": text,
                }
                for number, text in enumerate(cells)
            ),
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (checkout / "small.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    text = (
        "from relu_landscape.evidence.notebooks import run_notebook;"
        "run_notebook('small.ipynb', 'ran.ipynb', 'ran.html', {'results': 'here'})"
    )
    variables = {
        "PYTHONPATH": str(checkout / "src"),
        "JUPYTER_PATH": str(user),
        "JUPYTER_DATA_DIR": str(user),
        "JUPYTER_CONFIG_DIR": str(user),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "IPYTHONDIR": str(user / "ipython"),
        "HOME": NOT_A_HOME,
    }
    site.succeeds(*program(text), cwd=checkout, variables=variables)
    ran = (checkout / "ran.ipynb").read_text(encoding="utf-8")
    site.require(f"{sys.executable} here" in ran, "another interpreter, or other parameters")


@trial("nobody")
def user_without_a_home(site: Site) -> None:
    """A user who owns a checkout and nothing else."""
    checkout = site.checkout()
    prefix, home = as_nobody(checkout), {"HOME": "/nonexistent"}
    if site.run(*program(""), cwd=checkout, prefix=prefix).returncode != 0:
        raise Skipped("the environment of this process cannot be used by another user")
    figure = snakemake(*SMOKE, "--", FIGURE)
    cache = home | {"XDG_CACHE_HOME": str(checkout / ".cache")}
    site.succeeds(*figure, cwd=checkout, prefix=prefix, variables=cache)
    plan = make(checkout, "estimate", "PROFILE=smoke")
    subprocess.run(["chown", "-R", str(NOBODY), checkout], check=True)
    site.succeeds(*plan, cwd=checkout, prefix=prefix, variables=home)


def interpreter(name: str, prefix: Sequence[str] = ()) -> str:
    """The Python of this name on PATH that can be run, behind a prefix for another user."""
    for folder in os.environ["PATH"].split(os.pathsep):
        asked = [*prefix, f"{folder}/{name}", "-c", "import sys; print(sys.executable)"]
        if os.access(f"{folder}/{name}", os.X_OK):
            ran = subprocess.run(asked, capture_output=True, encoding="utf-8", cwd="/")
            if ran.returncode == 0:
                return ran.stdout.strip()
    raise Skipped(f"no {name} on PATH that can be run")


def unit_tests_under(name: str) -> Callable[[Site], None]:
    """A trial: the environment that make builds with another Python, and the unit tests in it."""

    def run(site: Site) -> None:
        python, checkout = interpreter(name), site.checkout()
        site.succeeds("make", ".venv/.ready", f"PYTHON={python}", cwd=checkout)
        version = [".venv/bin/python", "--version"]
        said = site.succeeds(*version, cwd=checkout)
        site.require(name.removeprefix("python") in said, f"it is {said.strip()}")
        site.succeeds(".venv/bin/python", "-m", "pytest", "-q", "tests/unit", cwd=checkout)

    return run


for python in PYTHONS:
    trial(python)(unit_tests_under(python))


@trial("container", test="tests/unit/test_container.py")
def image_without_a_network(site: Site) -> None:
    """The image of Containerfile on a Debian made here; the study runs in it without a network.

    Without a registry of images, and where the kernel lets no container be started: the network is
    taken away by a namespace of its own, but for the machine itself: a notebook speaks with its
    kernel through it. What pip needs of this machine is its certificates.
    """
    if os.geteuid() != 0 or not all(map(shutil.which, ("mmdebstrap", "podman", "buildah", "ip"))):
        raise Skipped("takes root, mmdebstrap, podman, buildah and ip")
    here, context, image = {"cwd": site.folder}, site.checkout("context"), "localhost/landscape"
    packages = "--include=ca-certificates,python3,python3-venv,make"
    site.succeeds("mmdebstrap", "--variant=minbase", packages, "bookworm", "base.tar", **here)
    store = ("--root", site.folder / "images", "--runroot", site.folder / "run")
    store = (*store, "--storage-driver", "vfs")
    site.succeeds("podman", *store, "import", "base.tar", "localhost/base", **here)
    host = ("--isolation", "chroot", "--network", "host", f"--volume={CERTIFICATES}")
    build = ("build", *host, "--build-arg", "BASE=localhost/base", "--tag", image, context)
    site.succeeds("podman", *store, *build, **here)
    made = site.succeeds("buildah", *store, "from", image, **here).strip()
    alone = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    inside = (*alone, "buildah", *store, "run", "--isolation", "chroot", made, "--")
    user = site.succeeds(*inside, "id", "--user", "--name", **here)
    site.require(user.strip() == "reader", f"the user is {user}")
    for target in ("study", "check"):
        site.succeeds(*inside, "make", target, "PROFILE=smoke", **here)
    site.succeeds(*inside, "make", "recheck", **here)


@trial("archive")
def from_an_archive(site: Site) -> None:
    """Another user unpacks an archive inside a repository of his own, and runs all there is.

    His home cannot be written, and matplotlib and Jupyter are set to what would break the run.
    """
    outer = site.folder / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "commit", "--allow-empty", "-m", "of another project")
    checkout = copy_checkout(outer / "checkout")
    prefix = as_nobody(outer)
    kernel = site.folder / "user/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "of the user", "language": "python"}
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    variables = {
        "HOME": "/nonexistent",
        "MPLBACKEND": "nosuch",
        "JUPYTER_PATH": str(site.folder / "user"),
    }
    options = {"cwd": checkout, "prefix": prefix, "variables": variables}
    python = interpreter("python3", prefix)
    site.succeeds("make", "study", "PROFILE=smoke", f"PYTHON={python}", **options)
    manifest = json.loads((checkout / "results/smoke/manifest.json").read_text(encoding="utf-8"))
    site.require("another one" in str(manifest), "the manifest has the commit of another project")
    site.succeeds("make", "check", "PROFILE=smoke", **options)
    site.succeeds("make", "test", **options)


if __name__ == "__main__":
    sys.exit(main())
