// The smallest function in Go: a typed event in, a typed answer out, and a line in the log.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Name string `json:"name"`
}

type answer struct {
	Greeting  string `json:"greeting"`
	RequestID string `json:"requestId"`
}

func handle(ctx context.Context, e event) (answer, error) {
	log.Printf("greeting %s", e.Name)
	lc, _ := lambdacontext.FromContext(ctx)
	return answer{Greeting: "Hello, " + e.Name + "!", RequestID: lc.AwsRequestID}, nil
}

func main() {
	lambda.Start(handle)
}
