"""The API of Firehose: streams to S3, and records put into them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from ..accounts import Clients, Place
from ..faults import Faults
from ..service import Service, ServiceError
from ..warm_functions import Invocation
from .delivery import Buffer, Destination
from .names import BadPrefix, check_prefixes
from .streams import Processor, Stream

_MOST_RECORDS = 500
_MOST_BYTES = 4 * 1024 * 1024
_LARGEST = 1000 * 1024
_BUFFER = {"SizeInMBs": 5, "IntervalInSeconds": 300}


@dataclass
class Kept:
    """A stream as it was asked for, and at work."""

    name: str
    arn: str
    configuration: dict[str, Any]
    version: int
    stream: Stream
    encryption: dict[str, Any] | None
    tags: dict[str, str]
    created: float = field(default_factory=time.time)


class Firehose(Service):
    """Direct put to S3 only: every other source and destination is refused as unknown."""

    name = "firehose"
    invalid_input = "InvalidArgumentException"

    def __init__(self, clients: Clients, invoke: Callable[[str, dict[str, Any]], Invocation], faults: Faults) -> None:
        super().__init__()
        self._clients, self._invoke, self._faults = clients, invoke, faults
        self._streams: dict[tuple[Place, str], Kept] = {}
        self._lock = threading.Lock()
        self.speed = 1.0  # how many times faster than real time buffers get old

    def create_delivery_stream(self, place: Place, **request: Any) -> dict[str, Any]:
        name = request["delivery_stream_name"]
        known = {"delivery_stream_name", "delivery_stream_type", "extended_s3_destination_configuration", "tags"}
        unknown = request.keys() - known - {"delivery_stream_encryption_configuration_input"}
        if unknown or request.get("delivery_stream_type", "DirectPut") != "DirectPut":
            raise ServiceError(
                self.invalid_input, f"the local AWS does not know {', '.join(sorted(unknown))} of a stream"
            )
        arn = f"arn:aws:firehose:{place.region}:{place.account}:deliverystream/{name}"
        configuration = request["extended_s3_destination_configuration"]
        self._check(configuration)
        with self._lock:
            if (place, name) in self._streams:
                raise ServiceError(
                    "ResourceInUseException", f"Firehose {name} under accountId {place.account} already exists."
                )
            self._streams[place, name] = Kept(
                name,
                arn,
                configuration,
                1,
                self._start(place, name, arn, configuration, 1),
                request.get("delivery_stream_encryption_configuration_input"),
                {tag["Key"]: tag.get("Value", "") for tag in request.get("tags", [])},
            )
        return {"DeliveryStreamARN": arn}

    def update_destination(self, place: Place, **request: Any) -> dict[str, Any]:
        kept = self._of(place, request["delivery_stream_name"])
        if request["current_delivery_stream_version_id"] != str(kept.version):
            raise ServiceError("ConcurrentModificationException", "the version of the stream is another")
        update = request.get("extended_s3_destination_update", {})
        backup = update.pop("S3BackupUpdate", None)
        configuration = {**kept.configuration, **update}
        if backup is not None:
            configuration["S3BackupConfiguration"] = backup
        if kept.configuration.get("S3BackupMode") == "Enabled" and configuration.get("S3BackupMode") != "Enabled":
            raise ServiceError(self.invalid_input, "S3 backup cannot be disabled once it is enabled.")
        self._check(configuration)
        kept.stream.flush()
        kept.stream.stop()
        kept.version += 1
        kept.configuration = configuration
        kept.stream = self._start(place, kept.name, kept.arn, configuration, kept.version)
        return {}

    def describe_delivery_stream(self, place: Place, delivery_stream_name: str, **_: Any) -> dict[str, Any]:
        kept = self._of(place, delivery_stream_name)
        encryption = {"KeyType": (kept.encryption or {}).get("KeyType"), "Status": "ENABLED"}
        described = {k: v for k, v in kept.configuration.items() if k != "S3BackupConfiguration"}
        backup = kept.configuration.get("S3BackupConfiguration")
        return {
            "DeliveryStreamDescription": {
                "DeliveryStreamName": kept.name,
                "DeliveryStreamARN": kept.arn,
                "DeliveryStreamStatus": "ACTIVE",
                "DeliveryStreamType": "DirectPut",
                "VersionId": str(kept.version),
                "CreateTimestamp": kept.created,
                **({} if kept.encryption is None else {"DeliveryStreamEncryptionConfiguration": encryption}),
                "Destinations": [
                    {
                        "DestinationId": "destinationId-000000000001",
                        "ExtendedS3DestinationDescription": {
                            "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
                            **described,
                            **({} if backup is None else {"S3BackupDescription": backup}),
                        },
                    }
                ],
                "HasMoreDestinations": False,
            }
        }

    def delete_delivery_stream(self, place: Place, delivery_stream_name: str, **_: Any) -> dict[str, Any]:
        self._of(place, delivery_stream_name).stream.stop()
        with self._lock:
            del self._streams[place, delivery_stream_name]
        return {}

    def list_delivery_streams(self, place: Place, **_: Any) -> dict[str, Any]:
        names = sorted(name for where, name in self._streams if where == place)
        return {"DeliveryStreamNames": names, "HasMoreDeliveryStreams": False}

    def list_tags_for_delivery_stream(self, place: Place, delivery_stream_name: str, **_: Any) -> dict[str, Any]:
        tags = self._of(place, delivery_stream_name).tags
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()], "HasMoreTags": False}

    def tag_delivery_stream(
        self, place: Place, delivery_stream_name: str, tags: list[dict[str, str]]
    ) -> dict[str, Any]:
        self._of(place, delivery_stream_name).tags.update({tag["Key"]: tag.get("Value", "") for tag in tags})
        return {}

    def untag_delivery_stream(self, place: Place, delivery_stream_name: str, tag_keys: list[str]) -> dict[str, Any]:
        for key in tag_keys:
            self._of(place, delivery_stream_name).tags.pop(key, None)
        return {}

    def put_record(self, place: Place, delivery_stream_name: str, record: dict[str, bytes]) -> dict[str, Any]:
        kept = self._of(place, delivery_stream_name)
        self._check_records([record])
        return {"RecordId": kept.stream.accept(record["Data"]), "Encrypted": kept.encryption is not None}

    def put_record_batch(
        self, place: Place, delivery_stream_name: str, records: list[dict[str, bytes]]
    ) -> dict[str, Any]:
        kept = self._of(place, delivery_stream_name)
        self._check_records(records)
        answers: list[dict[str, Any]] = []
        for record in records:
            if self._faults.of_entry():
                kept.stream.counts.refused += 1
                answers.append({"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."})
            else:
                answers.append({"RecordId": kept.stream.accept(record["Data"])})
        failed = sum("ErrorCode" in answer for answer in answers)
        return {"FailedPutCount": failed, "Encrypted": kept.encryption is not None, "RequestResponses": answers}

    def flush(self, names: list[str] | None = None) -> dict[str, Any]:
        """Does now what streams would do in time; what they have done so far."""
        wanted = [kept for (_, name), kept in list(self._streams.items()) if not names or name in names]
        deadline = time.monotonic() + 300
        # what one stream does can bring another one records
        while not all(kept.stream.idle for kept in wanted) and time.monotonic() < deadline:
            for kept in wanted:
                kept.stream.flush()
        return {
            kept.name: {**asdict(kept.stream.counts), "idle": kept.stream.idle, "objects": kept.stream.delivery.objects}
            for kept in wanted
        }

    def stop(self) -> None:
        """Ends every stream."""
        for kept in list(self._streams.values()):
            kept.stream.stop()

    def _of(self, place: Place, name: str) -> Kept:
        kept = self._streams.get((place, name))
        if kept is None:
            raise ServiceError("ResourceNotFoundException", f"Firehose {name} under account {place.account} not found.")
        return kept

    def _check_records(self, records: list[dict[str, bytes]]) -> None:
        if len(records) > _MOST_RECORDS:
            raise ServiceError(self.invalid_input, f"more than {_MOST_RECORDS} records in one request")
        if any(len(record["Data"]) > _LARGEST for record in records):
            raise ServiceError(self.invalid_input, f"Record size exceeds the limit of {_LARGEST} bytes")
        if sum(len(record["Data"]) for record in records) > _MOST_BYTES:
            raise ServiceError(self.invalid_input, f"Records size exceeds {_MOST_BYTES} limit")

    def _check(self, configuration: dict[str, Any]) -> None:
        for part in (configuration, configuration.get("S3BackupConfiguration", {})):
            try:
                check_prefixes(part.get("Prefix", ""), part.get("ErrorOutputPrefix", ""))
            except BadPrefix as error:
                raise ServiceError(self.invalid_input, str(error)) from None
        if configuration.get("S3BackupMode") == "Enabled" and "S3BackupConfiguration" not in configuration:
            raise ServiceError(self.invalid_input, "S3BackupConfiguration must be given when S3BackupMode is Enabled")
        for key in ("DynamicPartitioningConfiguration", "DataFormatConversionConfiguration"):
            if configuration.get(key, {}).get("Enabled"):
                raise ServiceError(self.invalid_input, f"the local AWS does not know {key}")

    def _start(self, place: Place, name: str, arn: str, configuration: dict[str, Any], version: int) -> Stream:
        def buffer(part: dict[str, Any]) -> Buffer:
            hints = {**_BUFFER, **part.get("BufferingHints", {})}
            destination = Destination(
                stream=name,
                version=str(version),
                bucket=part["BucketARN"].rpartition(":")[2],
                prefix=part.get("Prefix", ""),
                error_prefix=part.get("ErrorOutputPrefix", ""),
                compression=part.get("CompressionFormat", "UNCOMPRESSED"),
                extension=part.get("FileExtension", ""),
                megabytes=hints["SizeInMBs"],
                seconds=hints["IntervalInSeconds"],
            )
            return Buffer(destination, self._putter(place), lambda: self.speed)

        backup = configuration.get("S3BackupConfiguration") if configuration.get("S3BackupMode") == "Enabled" else None
        return Stream(
            arn,
            _processor(configuration.get("ProcessingConfiguration", {})),
            buffer(configuration),
            None if backup is None else buffer(backup),
            self._invoke,
            lambda: self.speed,
        )

    def _putter(self, place: Place) -> Callable[[str, str, bytes], None]:
        s3 = self._clients.get("s3", place)
        return lambda bucket, key, data: s3.put_object(Bucket=bucket, Key=key, Body=data)


def _processor(processing: dict[str, Any]) -> Processor | None:
    """The function of a stream; one that is not said to be enabled is not."""
    if not processing.get("Enabled"):
        return None
    for processor in processing.get("Processors", []):
        given = {p["ParameterName"]: p["ParameterValue"] for p in processor.get("Parameters", [])}
        if processor["Type"] == "Lambda":
            return Processor(
                function=given["LambdaArn"],
                megabytes=float(given.get("BufferSizeInMBs", 1)),
                seconds=float(given.get("BufferIntervalInSeconds", 60)),
                retries=int(given.get("NumberOfRetries", 3)),
            )
        raise ServiceError("InvalidArgumentException", f"the local AWS does not know the processor {processor['Type']}")
    return None
