"""Ways in which a backup is damaged, by accident or on purpose: functions of its bytes."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from andon.portal.keeping.tape import BLOCK, MANIFEST, SEAL, TapeWriter, header

Members = dict[str, bytes]
Damage = Callable[[bytes], bytes]


def unpacked(data: bytes) -> Members:
    """Return the members of an archive, read by the tar of Python: it is a plain tar."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        files = ((each.name, tar.extractfile(each)) for each in tar)
        return {name: file.read() for name, file in files if file}


def packed(members: Members) -> bytes:
    """Return an archive of ``members`` whose manifest is right: what a careful forger makes."""
    out = io.BytesIO()
    with TemporaryDirectory() as folder:
        tape = TapeWriter(out, Path(folder) / "manifest")
        for name in sorted(set(members) - {MANIFEST, SEAL}):
            tape.add_bytes(name, members[name])
        tape.close()
    return out.getvalue()


def with_about(**told: object) -> Damage:
    def damage(data: bytes) -> bytes:
        members = unpacked(data)
        about = {**json.loads(members["about.json"]), **told}
        return packed({**members, "about.json": json.dumps(about).encode()})

    return damage


def with_members(change: Callable[[Members], Members]) -> Damage:
    return lambda data: packed(change(unpacked(data)))


def flipped(find: Callable[[bytes], int]) -> Damage:
    def damage(data: bytes) -> bytes:
        place = find(data)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return damage


def raw(data: bytes) -> list[tuple[str, bytes]]:
    """Return name and bytes (header, content, padding) of each member."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = tar.getmembers()
    ends = [*(each.offset for each in members[1:]), members[-1].offset_data + BLOCK]
    return [(each.name, data[each.offset : end]) for each, end in zip(members, ends, strict=True)]


def rearranged(change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]) -> Damage:
    """Members moved as they are, with the manifest of before."""
    return lambda data: b"".join(part for _name, part in change(raw(data))) + bytes(2 * BLOCK)


def stranger(info: tarfile.TarInfo, content: bytes = b"evil") -> Damage:
    """Put a member of an ordinary tar before the manifest."""

    def damage(data: bytes) -> bytes:
        out = io.BytesIO()
        info.size = len(content) if info.isreg() else 0
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            tar.addfile(info, io.BytesIO(content))
        member = out.getvalue()[: BLOCK + (BLOCK if info.size else 0)]
        place = data.index(header_of(data, MANIFEST))
        return data[:place] + member + data[place:]

    return damage


def header_of(data: bytes, name: str) -> bytes:
    return header(name, len(unpacked(data)[name]))


def _content(name: str) -> Callable[[bytes], int]:
    return lambda data: data.index(header_of(data, name)) + BLOCK + 3


def _file(position: int) -> Callable[[bytes], int]:
    def find(data: bytes) -> int:
        names = [name for name in unpacked(data) if name.startswith("files/")]
        return _content(names[position])(data)

    return find


def _padding(data: bytes) -> int:
    about = header_of(data, "about.json")
    return data.index(about) + BLOCK + len(unpacked(data)["about.json"]) + 1


def _link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("files/zz")
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def _database(members: Members) -> str:
    return next(name for name in members if name.startswith("database"))


def _files(parts: list[tuple[str, bytes]]) -> list[int]:
    return [at for at, (name, _part) in enumerate(parts) if name.startswith("files/")]


def _swap(parts: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    one, two = _files(parts)[:2]
    parts[one], parts[two] = parts[two], parts[one]
    return parts


def _doubled(parts: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    first = _files(parts)[0]
    return [*parts[: first + 1], *parts[first:]]


def _swapped_contents(members: Members) -> Members:
    one, two = [name for name in members if name.startswith("files/")][:2]
    return {**members, one: members[two], two: members[one]}


def _more(members: Members) -> Members:
    return {**members, "files/aa/" + "a" * 64: b"not of this hash"}


def _without(*starts: str) -> Callable[[Members], Members]:
    return lambda members: {n: m for n, m in members.items() if not n.startswith(starts)}


PLAIN: dict[str, Damage] = {
    "a bit of the database flipped": flipped(lambda d: _content(_database(unpacked(d)))(d) + 99),
    "a bit of a stored file flipped": flipped(_file(0)),
    "a bit of a header flipped": flipped(lambda d: d.index(b"files/")),
    "a bit of a mode nobody reads flipped": flipped(lambda _d: 102),
    "a bit between two members flipped": flipped(_padding),
    "a bit of the manifest flipped": flipped(_content(MANIFEST)),
    "a bit of its seal flipped": flipped(_content(SEAL)),
    "a bit of the end flipped": flipped(lambda d: len(d) - 7),
    "cut off in the middle": lambda d: d[: len(d) // 2],
    "cut off by one byte": lambda d: d[:-1],
    "without its end": lambda d: d[: -2 * BLOCK],
    "cut off between two members": lambda d: d[: d.index(header_of(d, MANIFEST))],
    "something after its end": lambda d: d + bytes(BLOCK),
    "two files in the other order": rearranged(_swap),
    "a file left out": rearranged(lambda p: [m for n, m in enumerate(p) if n != _files(p)[0]]),
    "a file doubled": rearranged(_doubled),
    "without a manifest": rearranged(lambda p: p[:-2]),
    "without a seal": rearranged(lambda p: p[:-1]),
    "the manifest of another": rearranged(
        lambda p: [*p[:-2], *raw(packed({"about.json": b"{}"}))[-2:]]
    ),
    "two files with each other's content": with_members(_swapped_contents),
    "a file that is not what its name says": with_members(_more),
    "without a database": with_members(_without("database")),
    "without saying what it is": with_members(_without("about")),
    "a database of rubbish": with_members(lambda m: {**m, _database(m): b"rubbish" * 999}),
    "what it says is no JSON": with_members(lambda m: {**m, "about.json": b"{not JSON"}),
    "says less of its database": with_about(heads={"records": [1, "0" * 64]}),
    "a newer version": with_about(version="99.0.0"),
    "a newer format": with_about(format=2),
    "a migration of a newer version": with_about(migrations=["records.9999_from_the_future"]),
    "a database of another kind": with_about(engine="oracle", database="database.oracle"),
    "an export": with_about(kind="export"),
    "a member outside of the place": stranger(tarfile.TarInfo("../../outside")),
    "a member with a whole path": stranger(tarfile.TarInfo("/tmp/outside")),
    "a member nobody knows": stranger(tarfile.TarInfo("settings.py")),
    "a symbolic link": stranger(_link(tarfile.SYMTYPE)),
    "a hard link": stranger(_link(tarfile.LNKTYPE)),
    "nothing at all": lambda _d: b"",
    "another kind of file": lambda _d: b"%PDF-1.7 and so on" * 999,
}  # fmt: skip


def chunks(data: bytes, *, head: int, size: int) -> tuple[bytes, list[bytes]]:
    body = data[head:]
    return data[:head], [body[at : at + size] for at in range(0, len(body), size)]


def sealed_damages(head: int, size: int) -> dict[str, Damage]:
    """Return the damages of an encrypted archive whose chunks are ``size`` long."""

    def on_chunks(change: Callable[[list[bytes]], list[bytes]]) -> Damage:
        def damage(data: bytes) -> bytes:
            start, parts = chunks(data, head=head, size=size)
            return start + b"".join(change(parts))

        return damage

    return {
        "a bit of the first chunk flipped": flipped(lambda _d: head + 5),
        "a bit of the last chunk flipped": flipped(lambda d: len(d) - 5),
        "a bit of the salt flipped": flipped(lambda _d: head - 10),
        "a cost that takes all memory": lambda d: d[:16] + bytes([40]) + d[17:],
        "a cheaper cost": lambda d: d[:16] + bytes([14]) + d[17:],
        "a chunk left out": on_chunks(lambda c: [*c[:2], *c[3:]]),
        "the last chunk left out": on_chunks(lambda c: c[:-1]),
        "two chunks in the other order": on_chunks(lambda c: [c[0], c[2], c[1], *c[3:]]),
        "a chunk doubled": on_chunks(lambda c: [c[0], c[1], c[1], *c[2:]]),
        "the last chunk doubled": on_chunks(lambda c: [*c, c[-1]]),
        "something after its end ": lambda d: d + b"more",
        "only its header": lambda d: d[:head],
    }
