// Stands in front of the class of the same name in AWS's runtime interface client, which reads the environment once and
// for all: here it is read again when the process, which has rehearsed, becomes a function.
package com.amazonaws.services.lambda.runtime.api.client;

import com.amazonaws.services.lambda.runtime.api.client.util.EnvReader;

public class LambdaEnvironment {
    public static final EnvReader ENV_READER = new EnvReader();
    public static int MEMORY_LIMIT;
    public static String LOG_GROUP_NAME;
    public static String LOG_STREAM_NAME;
    public static String LAMBDA_LOG_LEVEL;
    public static String LAMBDA_LOG_FORMAT;
    public static String FUNCTION_NAME;
    public static String FUNCTION_VERSION;
    public static String RUNTIME_API;

    static {
        read();
    }

    public static void read() {
        MEMORY_LIMIT = Integer.parseInt(ENV_READER.getEnvOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"));
        LOG_GROUP_NAME = ENV_READER.getEnv("AWS_LAMBDA_LOG_GROUP_NAME");
        LOG_STREAM_NAME = ENV_READER.getEnv("AWS_LAMBDA_LOG_STREAM_NAME");
        LAMBDA_LOG_LEVEL = ENV_READER.getEnvOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED");
        LAMBDA_LOG_FORMAT = ENV_READER.getEnvOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT");
        FUNCTION_NAME = ENV_READER.getEnv("AWS_LAMBDA_FUNCTION_NAME");
        FUNCTION_VERSION = ENV_READER.getEnv("AWS_LAMBDA_FUNCTION_VERSION");
        RUNTIME_API = ENV_READER.getEnv("AWS_LAMBDA_RUNTIME_API");
    }
}
