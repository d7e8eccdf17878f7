// The smallest function in Rust: a typed event in, a typed answer out, and a line in the log.
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Event {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    greeting: String,
    request_id: String,
}

async fn handle(event: LambdaEvent<Event>) -> Result<Answer, Error> {
    let name = event.payload.name;
    println!("greeting {name}");
    Ok(Answer { greeting: format!("Hello, {name}!"), request_id: event.context.request_id })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
