"""Calls every operation with the Python clients that openapi-generator makes of the specs."""

import os
from uuid import UUID

import generator_client_datadog as datadog_api
import generator_client_store as store_api
from generator_client_datadog.exceptions import ApiException as DatadogError
from generator_client_store.exceptions import NotFoundException

ADA = UUID("626a4e8e-64bd-409d-b80e-428f08ac0b62")
LINUS = UUID("e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217")
PRODUCT = ("9NBLGGH4R2R6", "0016")
GUEST = "grace_fabrikam.example#EXT#@contoso.example"


def request(kind, users):
    attributes = {"product_code": "incident_response", "user_uuids": [str(user) for user in users]}
    return kind.from_dict({"data": {"type": "seat-assignments", "attributes": attributes}})


def fails(error, call):
    try:
        call()
    except error as caught:
        return caught
    raise AssertionError("the call must fail")


def datadog():
    configuration = datadog_api.Configuration(
        host=os.environ["SEATS_DATADOG_URL"],
        api_key={"apiKey": os.environ["DD_API_KEY"], "applicationKey": os.environ["DD_APP_KEY"]},
    )
    seats = datadog_api.SeatsApi(datadog_api.ApiClient(configuration))

    first = seats.get_seats_users("incident_response", page_limit=2)
    rest = seats.get_seats_users("incident_response", page_cursor=first.meta.next_cursor)
    assert [len(page.data) for page in (first, rest)] == [2, 1]
    assert first.data[0].attributes.email == "ada@contoso.example"

    unassign = request(datadog_api.UnassignSeatsUserRequest, [ADA])
    assert seats.unassign_seats_user_with_http_info(unassign).status_code == 204
    refused = fails(DatadogError, lambda: seats.unassign_seats_user(unassign))
    assert refused.status == 422
    assert "without a seat" in refused.data.errors[0].actual_instance.detail
    assigned = seats.assign_seats_user(request(datadog_api.AssignSeatsUserRequest, [LINUS]))
    assert assigned.data.attributes.assigned_ids == [str(LINUS)]
    unknown = fails(DatadogError, lambda: seats.get_seats_users("nothing"))
    assert unknown.status == 422


def store():
    configuration = store_api.Configuration(
        host=os.environ["SEATS_STORE_URL"], access_token=os.environ["SEATS_STORE_TOKEN"]
    )
    client = store_api.ApiClient(configuration)
    seats, inventory = store_api.SeatsApi(client), store_api.InventoryApi(client)

    online = inventory.get_inventory(license_types=[store_api.LicenseTypeFilter.ONLINE])
    assert [entry.available_seats for entry in online.inventory_entries] == [1]
    first = seats.get_seats(*PRODUCT, max_results=3)
    rest = seats.get_seats(*PRODUCT, continuation_token=first.continuation_token)
    assert [len(page.seats) for page in (first, rest)] == [3, 1]

    assert seats.get_seat(*PRODUCT, GUEST).state == "Active"
    assert seats.reclaim_seat_from_user(*PRODUCT, GUEST).assigned_to == GUEST
    gone = fails(NotFoundException, lambda: seats.get_seat(*PRODUCT, GUEST))
    assert gone.data.data.actual_instance[0]["itemType"] == "Seat"
    assert seats.assign_seat(*PRODUCT, "linus@contoso.example").state == "Active"
    body = store_api.BulkSeatOperationRequest(
        usernames=["zoë@contoso.example", GUEST], seatAction="reclaim"
    )
    bulk = seats.bulk_assign_and_reclaim_seats(*PRODUCT, body)
    assert [seat.assigned_to for seat in bulk.seat_details] == ["zoë@contoso.example"]
    assert [failed.user_name for failed in bulk.failed_seat_operations] == [GUEST]
    mine = seats.get_seats_assigned_to_user("ada@contoso.example")
    assert [seat.product_key.sku_id for seat in mine.seats] == ["0016", "0001"]


datadog()
store()
