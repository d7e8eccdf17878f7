// A function over AWS's own client for Rust.
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};
use std::time::{SystemTime, UNIX_EPOCH};

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    match event.payload["do"].as_str() {
        Some("throw") => return Err("no such luck".into()),
        Some("large") => return Ok(Value::String("x".repeat(6_000_000))),
        _ => {}
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as i64;
    let left = event.context.deadline as i64 - now;
    Ok(json!({ "event": event.payload, "requestId": event.context.request_id, "left": left }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
