"""Undo gzip and deflate without ever holding more than allowed: a bomb of 3 KB would become 4 GB otherwise."""

from __future__ import annotations

import zlib

__all__ = ["EncodingError", "Inflater", "TooLargeError", "inflate"]

GZIP_MAGIC = b"\x1f\x8b"
_ENCODINGS = {"gzip", "deflate", "br", "zstd", "compress", "bzip2", "xz", "lzma", "dcb", "dcz", "exi", "pack200-gzip"}
MOST_MEMBERS = 10_000  # a log joined from a file a minute for a week; more are a trap
STEP = 16_384  # bytes inflated at a time: what follows a stream is copied, and a file may hold 400,000 empty ones


class TooLargeError(ValueError):
    """More bytes than allowed."""


class EncodingError(ValueError):
    """An encoding that is not undone here, or a stream that is not what it says."""


class Inflater:
    """Feed it the bytes of a body as they come; it returns them decompressed and counts both sides."""

    def __init__(self, encoding: str, limit: int) -> None:
        """``encoding`` as in Content-Encoding; stacked encodings and others than gzip and deflate are refused."""
        said = [name.strip().removeprefix("x-") for name in encoding.lower().split(",")]
        # Servers also write charsets and "none" there: like browsers, only the names of encodings are heeded.
        named = [name for name in said if name in _ENCODINGS]
        if len(named) > 1 or not {*named} <= {"gzip", "deflate"}:
            raise EncodingError(f"content encoding {encoding!r:.100}; only gzip and deflate were asked for")
        self._encoding = named[0] if named else ""
        self._limit = limit
        self._left = limit
        self._decoder: zlib._Decompress | None = None
        self._plain = not self._encoding
        self._start = b""  # bytes too few to tell by
        self._members = 1

    def feed(self, data: bytes) -> bytes:
        if self._plain:
            return self._count(data)
        if self._decoder is None:
            # Two bytes decide between gzip, zlib, raw deflate and no compression at all.
            self._start += data
            if len(self._start) < 2:
                return b""
            data, self._start = self._start, b""
            self._decoder = self._choose(data)
            if self._decoder is None:
                self._plain = True
                return self._count(data)
        return self._inflate(data)

    def _choose(self, data: bytes) -> zlib._Decompress | None:
        if data.startswith(GZIP_MAGIC):
            return zlib.decompressobj(wbits=31)
        if self._encoding == "gzip":
            return None  # says gzip and sends plain text: seen behind old caches
        is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return zlib.decompressobj() if is_zlib else zlib.decompressobj(wbits=-15)

    def _inflate(self, data: bytes) -> bytes:
        return b"".join(self._inflate_step(data[at : at + STEP]) for at in range(0, len(data), STEP))

    def _inflate_step(self, data: bytes) -> bytes:
        pieces = []
        data, self._start = self._start + data, b""
        while data:
            assert self._decoder is not None
            if self._decoder.eof and not self._begin_another(data):
                break
            try:
                pieces.append(self._count(self._decoder.decompress(data, self._left + 1)))
            except zlib.error as error:
                raise EncodingError(f"broken {self._encoding or 'gzip'} stream: {error}") from error
            data = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
        return b"".join(pieces)

    def _begin_another(self, data: bytes) -> bool:
        """Whether what stands behind a stream is one more, as gzip files may be joined, and not mere padding."""
        if data == GZIP_MAGIC[:1]:
            self._start = data  # the next piece tells
            return False
        if not data.startswith(GZIP_MAGIC):
            return False
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise EncodingError(f"more than {MOST_MEMBERS} gzip streams in one")
        self._decoder = zlib.decompressobj(wbits=31)
        return True

    def _count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError(f"more than {self._limit} bytes after decompression")
        return data

    @property
    def complete(self) -> bool:
        """Whether the compressed stream came to its end. False for a cut one."""
        return self._plain or (self._decoder is not None and self._decoder.eof)

    @property
    def started(self) -> bool:
        return self._plain or self._decoder is not None


def inflate(body: bytes, limit: int) -> bytes:
    """A whole gzip file (sitemap.xml.gz). Raises TooLargeError or EncodingError."""
    inflater = Inflater("gzip", limit)
    data = inflater.feed(body)
    if not inflater.complete:
        raise EncodingError("cut gzip stream")
    return data
