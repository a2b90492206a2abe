"""Calls every operation with the clients that openapi-python-client makes of the specs."""

import os
from uuid import UUID

from python_client_datadog import Client as DatadogClient
from python_client_datadog.api.seats import (
    assign_seats_user,
    get_seats_users,
    unassign_seats_user,
)
from python_client_datadog.models import (
    AssignSeatsUserRequest,
    ErrorResponse,
    UnassignSeatsUserRequest,
)
from python_client_store import AuthenticatedClient as StoreClient
from python_client_store.api.inventory import get_inventory
from python_client_store.api.seats import (
    assign_seat,
    bulk_assign_and_reclaim_seats,
    get_seat,
    get_seats,
    get_seats_assigned_to_user,
    reclaim_seat_from_user,
)
from python_client_store.models import (
    BulkSeatOperationRequest,
    LicenseTypeFilter,
    SeatAction,
)

ADA = UUID("626a4e8e-64bd-409d-b80e-428f08ac0b62")
LINUS = UUID("e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217")
PRODUCT = ("9NBLGGH4R2R6", "0016")
GUEST = "grace_fabrikam.example#EXT#@contoso.example"


def request(kind, users):
    attributes = {"product_code": "incident_response", "user_uuids": [str(user) for user in users]}
    return kind.from_dict({"data": {"type": "seat-assignments", "attributes": attributes}})


def datadog():
    headers = {"DD-API-KEY": os.environ["DD_API_KEY"], "DD-APPLICATION-KEY": os.environ["DD_APP_KEY"]}
    client = DatadogClient(
        base_url=os.environ["SEATS_DATADOG_URL"], headers=headers, raise_on_unexpected_status=True
    )

    first = get_seats_users.sync(client=client, product_code="incident_response", pagelimit=2)
    rest = get_seats_users.sync(
        client=client, product_code="incident_response", pagecursor=first.meta.next_cursor
    )
    assert [len(page.data) for page in (first, rest)] == [2, 1]
    assert first.data[0].attributes.email == "ada@contoso.example"

    done = unassign_seats_user.sync_detailed(
        client=client, body=request(UnassignSeatsUserRequest, [ADA])
    )
    assert done.status_code == 204
    refused = unassign_seats_user.sync(client=client, body=request(UnassignSeatsUserRequest, [ADA]))
    assert isinstance(refused, ErrorResponse)
    assert "without a seat" in refused.errors[0].detail
    assigned = assign_seats_user.sync(client=client, body=request(AssignSeatsUserRequest, [LINUS]))
    assert assigned.data.attributes.assigned_ids == [str(LINUS)]
    unknown = get_seats_users.sync(client=client, product_code="nothing")
    assert unknown.errors[0].detail == "product_code is not known: nothing"


def store():
    client = StoreClient(
        base_url=os.environ["SEATS_STORE_URL"],
        token=os.environ["SEATS_STORE_TOKEN"],
        raise_on_unexpected_status=True,
    )

    inventory = get_inventory.sync(client=client, license_types=[LicenseTypeFilter.ONLINE])
    assert [entry.available_seats for entry in inventory.inventory_entries] == [1]
    first = get_seats.sync(*PRODUCT, client=client, max_results=3)
    rest = get_seats.sync(
        *PRODUCT, client=client, continuation_token=first.continuation_token
    )
    assert [len(page.seats) for page in (first, rest)] == [3, 1]

    assert get_seat.sync(*PRODUCT, GUEST, client=client).state == "Active"
    assert reclaim_seat_from_user.sync(*PRODUCT, GUEST, client=client).assigned_to == GUEST
    gone = get_seat.sync(*PRODUCT, GUEST, client=client)
    assert gone.data[0]["itemType"] == "Seat"
    assert assign_seat.sync(*PRODUCT, "linus@contoso.example", client=client).state == "Active"
    body = BulkSeatOperationRequest(
        usernames=["zoë@contoso.example", GUEST], seat_action=SeatAction.RECLAIM
    )
    bulk = bulk_assign_and_reclaim_seats.sync(*PRODUCT, client=client, body=body)
    assert [seat.assigned_to for seat in bulk.seat_details] == ["zoë@contoso.example"]
    assert [failed.user_name for failed in bulk.failed_seat_operations] == [GUEST]
    mine = get_seats_assigned_to_user.sync("ada@contoso.example", client=client)
    assert [seat.product_key.sku_id for seat in mine.seats] == ["0016", "0001"]


datadog()
store()
