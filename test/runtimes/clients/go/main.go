// A function over AWS's own client for Go.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func handle(ctx context.Context, event map[string]any) (any, error) {
	switch event["do"] {
	case "throw":
		return nil, errors.New("no such luck")
	case "large":
		return strings.Repeat("x", 6_000_000), nil
	}
	deadline, _ := ctx.Deadline()
	lc, _ := lambdacontext.FromContext(ctx)
	text, _ := json.Marshal(event)
	return map[string]any{
		"event":     json.RawMessage(text),
		"requestId": lc.AwsRequestID,
		"left":      time.Until(deadline).Milliseconds(),
	}, nil
}

func main() {
	lambda.Start(handle)
}
