"""What S3 refuses of buckets, as pure functions that give the reason or None, and properties as its API wants them."""

from __future__ import annotations

from typing import Any

from .handler import Properties

# what a new bucket has unless it is said otherwise
# @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
NEW: Properties = {
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    },
}
# what takes the place of a setting that is taken away
DEFAULTS: Properties = {
    **NEW,
    "VersioningConfiguration": {"Status": "Suspended"},
    "NotificationConfiguration": {},
}
_COLD = ("STANDARD_IA", "ONEZONE_IA")
_ACTIONS = (
    "ExpirationInDays",
    "ExpirationDate",
    "ExpiredObjectDeleteMarker",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionExpirationInDays",
    "NoncurrentVersionTransition",
    "NoncurrentVersionTransitions",
    "Transition",
    "Transitions",
    "AbortIncompleteMultipartUpload",
)


def acl_problem(properties: Properties) -> str | None:
    """A bucket whose owner owns everything in it has no ACLs; that is so unless it is said otherwise."""
    rules = properties.get("OwnershipControls", {}).get("Rules", [])
    ownership = rules[0]["ObjectOwnership"] if rules else "BucketOwnerEnforced"
    if properties.get("AccessControl", "Private") != "Private" and ownership == "BucketOwnerEnforced":
        return (
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting "
            "(InvalidBucketAclWithObjectOwnership)"
        )
    return None


def lifecycle_problem(properties: Properties) -> str | None:
    """A rule does something, and what it does first comes first."""
    for rule in properties.get("LifecycleConfiguration", {}).get("Rules", []):
        if not any(action in rule for action in _ACTIONS):
            return "At least one action needs to be specified in a rule (InvalidRequest)"
        moves = [(t["StorageClass"], t["TransitionInDays"]) for t in _transitions(rule) if "TransitionInDays" in t]
        for storage, days in moves:
            if storage in _COLD and days < 30:
                return (
                    "'Days' in Transition action must be greater than or equal to 30 for storageClass "
                    f"'{storage}' (InvalidArgument)"
                )
        last = max((days for _, days in moves), default=None)
        if last is not None and rule.get("ExpirationInDays", last + 1) <= last:
            return (
                f"'Days' in the Expiration action for filter '(prefix={rule.get('Prefix', '')})' must be greater than "
                "'Days' in the Transition action (InvalidArgument)"
            )
    return None


def policy_problem(statements: list[dict[str, Any]], bucket: str) -> str | None:
    """A bucket policy is about the bucket it is of."""
    for statement in statements:
        resources = statement.get("Resource", [])
        for resource in [resources] if isinstance(resources, str) else resources:
            named, _, _ = resource.rpartition(":::")[2].partition("/")
            if resource != "*" and named != bucket and "*" not in named:
                return "Policy has invalid resource (MalformedPolicy)"
    return None


def encryption(given: dict[str, Any]) -> dict[str, Any]:
    """The encryption of a bucket as the API wants it."""
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    rules = given["ServerSideEncryptionConfiguration"]
    return {"Rules": [{names.get(key, key): value for key, value in rule.items()} for rule in rules]}


def lifecycle(given: dict[str, Any]) -> dict[str, Any]:
    """The lifecycle of a bucket as the API wants it."""
    return {"Rules": [_rule(rule) for rule in given["Rules"]]}


def notification(given: dict[str, Any]) -> dict[str, Any]:
    """Whom a bucket tells of its objects as the API wants it: EventBridge, or nobody."""
    tells = given.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled", False)
    return {"EventBridgeConfiguration": {}} if tells else {}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    result = {"Status": rule["Status"], "Filter": _filter(rule)}
    result |= {"ID": rule["Id"]} if "Id" in rule else {}
    expiration = {
        name: rule[key]
        for name, key in (
            ("Days", "ExpirationInDays"),
            ("Date", "ExpirationDate"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if key in rule
    }
    if expiration:
        result["Expiration"] = expiration
    if moves := _transitions(rule):
        result["Transitions"] = [_transition(move, "Days", "Date") for move in moves]
    if "NoncurrentVersionExpirationInDays" in rule:
        result["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    if "NoncurrentVersionExpiration" in rule:
        result["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
    if moves := _either(rule, "NoncurrentVersionTransition", "NoncurrentVersionTransitions"):
        result["NoncurrentVersionTransitions"] = [_transition(move, "NoncurrentDays", "") for move in moves]
    if "AbortIncompleteMultipartUpload" in rule:
        result["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return result


def _filter(rule: dict[str, Any]) -> dict[str, Any]:
    """What a rule is for; several conditions are joined by And."""
    sizes = {name: int(rule[name]) for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan") if name in rule}
    conditions: dict[str, Any] = {**({"Prefix": rule["Prefix"]} if "Prefix" in rule else {}), **sizes}
    tags = rule.get("TagFilters", [])
    if len(conditions) + len(tags) > 1:
        return {"And": {**conditions, **({"Tags": tags} if tags else {})}}
    return {"Tag": tags[0]} if tags else conditions or {"Prefix": ""}


def _transition(move: dict[str, Any], days: str, date: str) -> dict[str, Any]:
    names = {"TransitionInDays": days, "TransitionDate": date}
    return {names.get(key, key): value for key, value in move.items()}


def _transitions(rule: dict[str, Any]) -> list[dict[str, Any]]:
    return _either(rule, "Transition", "Transitions")


def _either(rule: dict[str, Any], one: str, many: str) -> list[dict[str, Any]]:
    """CloudFormation takes one, or a list of them."""
    return [rule[one]] if one in rule else list(rule.get(many, []))
