"""Quarantine upload: a file that is sent streams straight into the node's quarantine, and no further than its limit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from alidade.services import uploads
from alidade.web.place import Desk

_FIELDS = 1024 * 1024  # bytes beside the file: the fields of the form and the marks between them


class QuarantineHandler(FileUploadHandler):
    """Takes one file, under a name of chance, into the quarantine; the name that the sender gave is not looked at."""

    def __init__(self, request: HttpRequest, folder: Path) -> None:
        super().__init__(request)
        self._folder = folder
        self._size = 0
        self.too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **more: Any) -> None:
        """Stop before anything is read where the sender himself says that it is too much."""
        if content_length > uploads.LARGEST + _FIELDS:
            self.too_large = True
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **more: Any) -> None:
        """Open a place for the file."""
        super().new_file(*args, **more)
        self._file = tempfile.NamedTemporaryFile(dir=self._folder)  # noqa: SIM115  # lives as long as the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless it is one too many."""
        self._size += len(raw_data)
        if self._size > uploads.LARGEST:
            self.too_large = True
            self._file.close()
            raise StopUpload(connection_reset=True)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        """The file, to be read from its beginning."""
        self._file.seek(0)
        return UploadedFile(file=self._file, name="upload", size=file_size)

    def upload_interrupted(self) -> None:
        """The sender broke off."""
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()


def quarantined(request: HttpRequest, desk: Desk) -> QuarantineHandler:
    """Let the files of a request go to quarantine; to be said before any of its fields is read."""
    handler = QuarantineHandler(request, uploads.incoming_folder(desk.node))
    request.upload_handlers = [handler]
    return handler
