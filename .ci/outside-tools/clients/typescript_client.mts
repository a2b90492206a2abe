// Calls every operation with openapi-fetch, typed by what openapi-typescript makes of the specs.

import createClient from "openapi-fetch";
import type { paths as Datadog } from "../generated/datadog-seats.js";
import type { paths as Store } from "../generated/store-for-business.js";

declare const process: { env: Record<string, string | undefined> };

const ada = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
const linus = "e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217";
const guest = "grace_fabrikam.example#EXT#@contoso.example";
const product = { productId: "9NBLGGH4R2R6", skuId: "0016" };

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must be set`);
  return value;
}

function equal(found: unknown, expected: unknown): void {
  const [text, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  if (text !== wanted) throw new Error(`${text} must be ${wanted}`);
}

async function datadog(): Promise<void> {
  const client = createClient<Datadog>({
    baseUrl: variable("SEATS_DATADOG_URL"),
    headers: {
      "DD-API-KEY": variable("DD_API_KEY"),
      "DD-APPLICATION-KEY": variable("DD_APP_KEY"),
    },
  });
  const path = "/api/v2/seats/users";
  const list = (query: { "page[limit]"?: number; "page[cursor]"?: string }) =>
    client.GET(path, { params: { query: { product_code: "incident_response", ...query } } });
  const body = (user: string) => ({
    data: {
      type: "seat-assignments" as const,
      attributes: { product_code: "incident_response", user_uuids: [user] },
    },
  });

  const first = await list({ "page[limit]": 2 });
  equal(first.data?.data.length, 2);
  equal(first.data?.data[0]?.attributes?.email, "ada@contoso.example");
  const rest = await list({ "page[cursor]": first.data?.meta?.next_cursor ?? "" });
  equal(rest.data?.data.length, 1);

  const done = await client.DELETE(path, { body: body(ada) });
  equal(done.response.status, 204);
  const refused = await client.DELETE(path, { body: body(ada) });
  equal(refused.response.status, 422);
  const error = refused.error?.errors[0];
  if (typeof error !== "object" || !error.detail?.includes("without a seat")) {
    throw new Error(`a detail must name the user: ${JSON.stringify(refused.error)}`);
  }
  const assigned = await client.POST(path, { body: body(linus) });
  equal(assigned.data?.data?.attributes?.assigned_ids, [linus]);
  const unknown = await client.GET(path, { params: { query: { product_code: "nothing" } } });
  equal(unknown.response.status, 422);
}

async function store(): Promise<void> {
  const client = createClient<Store>({
    baseUrl: variable("SEATS_STORE_URL"),
    headers: { Authorization: `Bearer ${variable("SEATS_STORE_TOKEN")}` },
  });
  const seats = "/Inventory/{productId}/{skuId}/Seats";
  const seat = "/Inventory/{productId}/{skuId}/Seats/{username}";
  const of = (username: string) => ({ params: { path: { ...product, username } } });
  const list = (query: { maxResults?: number; continuationToken?: string }) =>
    client.GET(seats, { params: { path: product, query } });

  const inventory = await client.GET("/Inventory", {
    params: { query: { licenseTypes: ["online"] } },
  });
  equal(inventory.data?.inventoryEntries?.map((entry) => entry.availableSeats), [1]);
  const first = await list({ maxResults: 3 });
  equal(first.data?.seats?.length, 3);
  const rest = await list({ continuationToken: first.data?.continuationToken ?? "" });
  equal(rest.data?.seats?.length, 1);

  equal((await client.GET(seat, of(guest))).data?.state, "Active");
  equal((await client.DELETE(seat, of(guest))).data?.assignedTo, guest);
  const gone = await client.GET(seat, of(guest));
  equal(gone.error?.message, "The seat does not exist");
  equal((await client.POST(seat, of("linus@contoso.example"))).data?.state, "Active");
  const bulk = await client.POST(seats, {
    params: { path: product },
    body: { usernames: ["zoë@contoso.example", guest], seatAction: "reclaim" },
  });
  equal(bulk.data?.seatDetails?.map((entry) => entry.assignedTo), ["zoë@contoso.example"]);
  equal(bulk.data?.failedSeatOperations?.map((entry) => entry.userName), [guest]);
  const mine = await client.GET("/Users/{username}/Seats", {
    params: { path: { username: "ada@contoso.example" } },
  });
  equal(mine.data?.seats?.map((entry) => entry.productKey?.skuId), ["0016", "0001"]);
}

await datadog();
await store();
