"""An AWS on the loopback interface: moto for most services, CloudFormation and EKS of our own.

What it refuses, the real AWS refuses; what the real AWS would refuse and this does not is listed in GAPS.md.
"""
