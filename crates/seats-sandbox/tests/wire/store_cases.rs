//! The Store's cases: one request to a fresh sandbox each.

use serde_json::json;

use crate::cases::Case;
use crate::store::{path, reclaim};
use crate::wire::{request, token, with_body};

pub fn all() -> Vec<Case> {
    let mut cases = done_and_unsigned();
    cases.extend(invalid_parameters());
    cases.extend(misrouted_or_unreadable());
    cases.extend(impossible());
    cases
}

pub fn case(name: &'static str, request: String, status: u16, body: &str) -> Case {
    let body = body.to_owned();
    let store = true;
    Case {
        name,
        store,
        request,
        status,
        body,
        exhausted: false,
    }
}

/// The Store's response to an invalid parameter.
pub fn invalid(name: &'static str, request: String, parameter: &str, details: &str) -> Case {
    let body = json!({
        "code": "InvalidParameter",
        "data": [{"parameterName": parameter, "reason": "Invalid parameter", "details": details}],
        "details": [],
        "message": "Invalid parameter",
        "source": "StoreForBusiness",
    });
    case(name, request, 400, &body.to_string())
}

/// The message for a parameter that breaks the specification's rule.
fn segment(parameter: &str) -> String {
    format!(
        "{parameter} must be one path segment: not empty, not \".\" or \"..\", no \"/\", \"\\\" or control character (nor anything that percent-decodes to these), no white space at its ends"
    )
}

/// Reclaims ada's seat of this product and SKU.
fn of_product(product: &str, sku: &str) -> String {
    let target = format!("/V1/Inventory/{product}/{sku}/Seats/ada@contoso.example");
    request("DELETE", &target, &token())
}

fn done_and_unsigned() -> Vec<Case> {
    let seat = "/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example";
    vec![
        case(
            "a plain user name",
            reclaim("ada@contoso.example"),
            200,
            r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        case(
            "another case, the directory's spelling",
            reclaim("ADA@Contoso.Example"),
            200,
            r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        case(
            "a guest",
            reclaim("grace_fabrikam.example%23EXT%23@contoso.example"),
            200,
            r#"{"assignedTo":"grace_fabrikam.example#EXT#@contoso.example","dateAssigned":"2016-01-05T09:30:00.0000000-08:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        case(
            "not ASCII",
            reclaim("ZO%c3%8B%40contoso.example"),
            200,
            r#"{"assignedTo":"zoë@contoso.example","dateAssigned":"2016-11-30T17:45:10.1200000Z","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        case(
            "an object id",
            reclaim("8F2B1C64-7d3e-4a59-b0c8-16e5f9a2d473"),
            200,
            r#"{"assignedTo":"8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473","dateAssigned":"2017-03-21T08:15:59.9999999Z","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        case(
            "no token",
            request("DELETE", seat, ""),
            401,
            r#"{"code":"Unauthorized","message":"A bearer token is required"}"#,
        ),
        case(
            "another kind of credential",
            request("DELETE", seat, "authorization: Basic c2FuZGJveA==\r\n"),
            401,
            r#"{"code":"Unauthorized","message":"A bearer token is required"}"#,
        ),
        case(
            "a wrong token",
            request("DELETE", seat, "authorization: Bearer other\r\n"),
            401,
            r#"{"code":"Unauthorized","message":"The bearer token is not accepted"}"#,
        ),
        case(
            "the token before the parameters",
            request("DELETE", "/V1/Inventory/9NBLGGH4R2R6/0016/Seats/..%2f", ""),
            401,
            r#"{"code":"Unauthorized","message":"A bearer token is required"}"#,
        ),
    ]
}

fn invalid_parameters() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        "..",
        ".",
        "%2e%2e",
        "..%2f",
        "%2E.",
        "%252e%252e",
        "ada%5cada",
        "ada%00",
        "%20ada",
        "ada%252fada",
    ]
    .into_iter()
    .map(|username| {
        invalid(
            username,
            reclaim(username),
            "username",
            &segment("username"),
        )
    })
    .collect();
    let broken = "username must be UTF-8 with whole percent-escapes";
    cases.extend([
        invalid(
            "no user name",
            reclaim(""),
            "username",
            "username is required",
        ),
        invalid("half an escape", reclaim("ada%4"), "username", broken),
        invalid("not UTF-8", reclaim("zo%EB"), "username", broken),
        invalid(
            "product",
            of_product("..", "0016"),
            "productId",
            &segment("productId"),
        ),
        invalid(
            "SKU",
            of_product("9NBLGGH4R2R6", "%2e"),
            "skuId",
            &segment("skuId"),
        ),
        invalid(
            "a user name cut short",
            reclaim("ada?x@contoso.example"),
            "x@contoso.example",
            "x@contoso.example is no parameter of this operation",
        ),
    ]);
    cases
}

fn misrouted_or_unreadable() -> Vec<Case> {
    vec![
        case(
            "a body",
            with_body(
                "DELETE",
                &path("ada@contoso.example"),
                &token(),
                "application/json",
                "{}",
            ),
            400,
            r#"{"code":"BadRequest","data":[],"details":[],"message":"This operation takes no body","source":"StoreForBusiness"}"#,
        ),
        case(
            "unknown path",
            request("DELETE", "/V1/inventory", &token()),
            404,
            r#"{"code":"NotFound","data":[],"details":[],"message":"No operation has this path","source":"StoreForBusiness"}"#,
        ),
        case(
            "method",
            request("PUT", &path("ada@contoso.example"), &token()),
            405,
            r#"{"code":"MethodNotAllowed","data":[],"details":[],"message":"No operation of this path has this method","source":"StoreForBusiness"}"#,
        ),
        case(
            "too large",
            request(
                "DELETE",
                &path("ada@contoso.example"),
                &format!("{}content-length: 1048577\r\n", token()),
            ),
            413,
            r#"{"code":"PayloadTooLarge","data":[],"details":[],"message":"The body is larger than 1 MiB","source":"StoreForBusiness"}"#,
        ),
    ]
}

/// Requests that fit, for seats that are not there.
fn impossible() -> Vec<Case> {
    vec![
        case(
            "unknown product",
            of_product("9NBLGGH4R2R7", "0016"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"Inventory","values":["9NBLGGH4R2R7","0016"]}],"details":[],"message":"The product is not in the inventory","source":"StoreForBusiness"}"#,
        ),
        case(
            "leading zeros",
            of_product("9NBLGGH4R2R6", "16"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"Inventory","values":["9NBLGGH4R2R6","16"]}],"details":[],"message":"The product is not in the inventory","source":"StoreForBusiness"}"#,
        ),
        case(
            "unknown user",
            reclaim("nobody@contoso.example"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"User","values":["nobody@contoso.example"]}],"details":[],"message":"The user does not exist","source":"StoreForBusiness"}"#,
        ),
        case(
            "no seat",
            reclaim("linus@contoso.example"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["9NBLGGH4R2R6","0016","linus@contoso.example"]}],"details":[],"message":"The seat does not exist","source":"StoreForBusiness"}"#,
        ),
        case(
            "offline licence",
            of_product("CFQ7TTC0K5DR", "0001"),
            409,
            r#"{"code":"Conflict","data":{"reason":"Not online"},"details":[],"message":"The product is not licensed online","source":"StoreForBusiness"}"#,
        ),
    ]
}
