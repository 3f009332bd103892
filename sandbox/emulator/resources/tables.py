"""Tables over buckets and the queries on them: Glue and Athena. They are kept; no query is carried out."""

from __future__ import annotations

from moto.athena.models import athena_backends

from .handler import Handler, Made, Properties, Task


class Database(Handler):
    """AWS::Glue::Database."""

    type = "AWS::Glue::Database"

    def create(self, task: Task, properties: Properties) -> Made:
        name = properties["DatabaseInput"]["Name"]
        task.client("glue").create_database(DatabaseInput=properties["DatabaseInput"])
        return Made(name)

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "DatabaseInput")
        task.client("glue").update_database(Name=physical_id, DatabaseInput=new["DatabaseInput"])
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("glue").delete_database(Name=physical_id)


class Table(Handler):
    """AWS::Glue::Table."""

    type = "AWS::Glue::Table"

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "CatalogId", "DatabaseName", "TableInput")
        task.client("glue").create_table(DatabaseName=properties["DatabaseName"], TableInput=properties["TableInput"])
        return Made(properties["TableInput"]["Name"])

    def update(self, task: Task, physical_id: str, old: Properties, new: Properties) -> Made:
        self.only(old, new, "TableInput")
        task.client("glue").update_table(DatabaseName=new["DatabaseName"], TableInput=new["TableInput"])
        return Made(physical_id)

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("glue").delete_table(DatabaseName=properties["DatabaseName"], Name=physical_id)


class WorkGroup(Handler):
    """AWS::Athena::WorkGroup."""

    type = "AWS::Athena::WorkGroup"

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "Name", "Description", "WorkGroupConfiguration", "RecursiveDeleteOption", "State", "Tags")
        task.client("athena").create_work_group(
            Name=properties["Name"],
            Description=properties.get("Description", ""),
            Configuration=properties.get("WorkGroupConfiguration", {}),
            Tags=properties.get("Tags", []),
        )
        return Made(properties["Name"])

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        task.client("athena").delete_work_group(
            WorkGroup=physical_id, RecursiveDeleteOption=properties.get("RecursiveDeleteOption", False)
        )


class NamedQuery(Handler):
    """AWS::Athena::NamedQuery."""

    type = "AWS::Athena::NamedQuery"

    def create(self, task: Task, properties: Properties) -> Made:
        self.know(properties, "Name", "Description", "Database", "QueryString", "WorkGroup")
        made = task.client("athena").create_named_query(**properties)
        return Made(made["NamedQueryId"], {"NamedQueryId": made["NamedQueryId"]})

    def delete(self, task: Task, physical_id: str, properties: Properties) -> None:
        # moto has no DeleteNamedQuery
        athena_backends[task.place.account][task.place.region].named_queries.pop(physical_id, None)


HANDLERS: list[type[Handler]] = [Database, Table, WorkGroup, NamedQuery]
