#!/usr/bin/env python3
"""Writes an OCI bundle (config.json) for an unprivileged container: no capabilities, no new privileges, the default seccomp
profile of podman or Docker, and the host's root directory, read-only, as its root.

    bundle.py BUNDLE [--profile podman|docker] [--uid N] [--env NAME=VALUE]... [--writable DIR]... -- COMMAND...

podman's profile is the one in Debian's golang-github-containers-common. Docker's differs from it in what matters here: new
namespaces, mounts and the joining of namespaces need CAP_SYS_ADMIN; clone3 does not exist."""

import argparse
import json
import os

PROFILE = "/usr/share/containers/seccomp.json"
CLONE_NAMESPACES = 0x7E020000

# Calls that Docker's profile allows with CAP_SYS_ADMIN only.
DOCKER_ADMIN = {
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "fsconfig", "fsmount", "fsopen", "fspick", "mount_setattr",
    "move_mount", "open_tree", "quotactl", "quotactl_fd", "setdomainname", "sethostname", "syslog", "keyctl", "add_key", "request_key",
}


def seccomp(kind):
    """The profile for a container without capabilities on x86-64, in the form of the OCI runtime specification."""
    with open(PROFILE) as file:
        profile = json.load(file)
    rules = []
    for rule in profile["syscalls"]:
        includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
        if includes.get("caps"):
            continue
        if includes.get("arches") and "amd64" not in includes["arches"]:
            continue
        if "amd64" in (excludes.get("arches") or []):
            continue
        names = rule["names"]
        if kind == "docker" and rule["action"] == "SCMP_ACT_ALLOW":
            names = [name for name in names if name not in DOCKER_ADMIN | {"clone", "clone3"}]
        if not names:
            continue
        made = {"names": names, "action": rule["action"]}
        if rule.get("errnoRet") is not None:
            made["errnoRet"] = rule["errnoRet"]
        if rule.get("args"):
            made["args"] = [
                {"index": a["index"], "value": a["value"], "valueTwo": a.get("valueTwo", 0), "op": a["op"]} for a in rule["args"]
            ]
        rules.append(made)
    if kind == "docker":
        rules.append({
            "names": ["clone"], "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": CLONE_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
        })
        rules.append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38})
        rules.append({"names": sorted(DOCKER_ADMIN), "action": "SCMP_ACT_ERRNO", "errnoRet": 1})
    return {
        "defaultAction": profile["defaultAction"],
        "defaultErrnoRet": 1 if kind == "docker" else profile["defaultErrnoRet"],
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": rules,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle")
    parser.add_argument("--profile", choices=["podman", "docker"], default="docker")
    parser.add_argument("--uid", type=int, default=0)
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--writable", action="append", default=[])
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    none = {kind: [] for kind in ["bounding", "effective", "inheritable", "permitted", "ambient"]}
    temporary = ["nosuid", "nodev", "mode=1777"]
    config = {
        "ociVersion": "1.0.0",
        "process": {
            "terminal": False,
            "user": {"uid": options.uid, "gid": options.uid},
            "args": options.command,
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp"] + options.env,
            "cwd": "/tmp",
            "capabilities": none,
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
            "noNewPrivileges": True,
        },
        "root": {"path": os.path.join(options.bundle, "rootfs"), "readonly": True},
        "hostname": "container",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
             "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
            {"destination": "/tmp", "type": "tmpfs", "source": "tmp", "options": temporary},
        ] + [
            {"destination": place, "type": "bind", "source": place, "options": ["rbind", "rw"]} for place in options.writable
        ],
        "linux": {
            "namespaces": [{"type": kind} for kind in ["pid", "network", "ipc", "uts", "mount"]],
            "seccomp": seccomp(options.profile),
            "maskedPaths": [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    }
    with open(os.path.join(options.bundle, "config.json"), "w") as file:
        json.dump(config, file)


main()
