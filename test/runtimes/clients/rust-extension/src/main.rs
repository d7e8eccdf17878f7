// An external extension on awslabs' own crate: tells its log of each event, and of each telemetry record by its type.
use lambda_extension::{service_fn, Error, Extension, LambdaEvent, LambdaTelemetry, NextEvent, SharedService};

async fn on_event(event: LambdaEvent) -> Result<(), Error> {
    match event.next {
        NextEvent::Invoke(invoke) => println!("told of invocation {}", invoke.request_id),
        NextEvent::Shutdown(shutdown) => println!("told of shutdown {}", shutdown.shutdown_reason),
    }
    Ok(())
}

async fn on_telemetry(records: Vec<LambdaTelemetry>) -> Result<(), Error> {
    for record in records {
        let text = format!("{:?}", record.record);
        let end = text.find([' ', '(', '{']).unwrap_or(text.len());
        eprintln!("telemetry {}", &text[..end]);
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    Extension::new()
        .with_events_processor(service_fn(on_event))
        .with_telemetry_types(&["platform", "function"])
        .with_telemetry_processor(SharedService::new(service_fn(on_telemetry)))
        .run()
        .await
}
