"""A service of AWS written here: requests and answers by the model of it that botocore brings."""

from __future__ import annotations

import re
import sys
import traceback
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore import xform_name
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.wrappers import Request, Response

from .accounts import Place
from .shapes import shape_problems


class ServiceError(Exception):
    """A refusal, as the service would give it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Service:
    """One method per operation, named as boto3 names it: `def create_cluster(self, place, **input) -> output`."""

    name: str
    # what the service says to a request that breaks its model
    invalid_input = "ValidationError"

    def __init__(self) -> None:
        self.model = get_service_model(self.name)
        rest = self.model.protocol.startswith("rest")
        self._routes = [self._route(operation) for operation in self.model.operation_names] if rest else []
        # the most specific path first: a name can hold what follows it
        self._routes.sort(key=lambda route: -len(route[1].pattern))

    def answer(self, request: Request, place: Place) -> Response:
        """Answers one request, with an error of the service's own protocol if it must."""
        operation, url_params = self._operation_of(request)
        if operation is None:
            return Response(f"{self.name}: no operation {request.method} {request.path}", 404)
        model = self.model.operation_model(operation)
        try:
            result = self._call(model, request, url_params, place)
        except ServiceError as error:
            result = error
        except Exception as error:  # a fault of the emulator must look like one, and must not be asked for again
            traceback.print_exc(file=sys.stderr)
            result = ServiceError(self.invalid_input, f"fault in the local AWS: {type(error).__name__}: {error}")
        serializer = get_serializer_class(self.name, self.model.protocol)(operation_model=model)
        serialized = serializer.serialize(result)
        return Response(serialized["body"], serialized["status_code"], serialized["headers"])

    def _call(self, model: Any, request: Request, url_params: dict[str, str], place: Place) -> Any:
        method = getattr(self, xform_name(model.name), None)
        if method is None:
            raise ServiceError(self.invalid_input, f"the local AWS does not know {self.name} {model.name}")
        parsed = PROTOCOL_PARSERS[self.model.protocol](model).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": url_params,
            }
        )
        if model.input_shape is not None:
            problems = shape_problems(parsed, model.input_shape)
            if problems:
                raise ServiceError(self.invalid_input, "; ".join(problems))
        return method(place, **{xform_name(key): value for key, value in parsed.items()})

    def _route(self, operation: str) -> tuple[str, re.Pattern[str], str]:
        http = self.model.operation_model(operation).http
        path = urlsplit(http["requestUri"]).path
        return http["method"], re.compile("^" + re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", path) + "/?$"), operation

    def _operation_of(self, request: Request) -> tuple[str | None, dict[str, str]]:
        if self.model.protocol == "query":
            return request.values.get("Action"), {}
        if self.model.protocol == "json":
            return request.headers.get("X-Amz-Target", "").rpartition(".")[2] or None, {}
        # the path as it was sent: an ARN in it is escaped, and its slashes are no part of the path
        path = urlsplit(request.environ.get("RAW_URI", request.path)).path
        for method, pattern, operation in self._routes:
            match = pattern.match(path)
            if method == request.method and match:
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
        return None, {}
