package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.google.common.base.Joiner;

/** Greets. Events and answers are plain objects, which Lambda reads and writes by their properties. */
public class Hello implements RequestHandler<Hello.Event, Hello.Answer> {
    public static class Event {
        private String name;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    public static class Answer {
        private final String greeting;
        private final String java;

        Answer(String greeting, String java) {
            this.greeting = greeting;
            this.java = java;
        }

        public String getGreeting() {
            return greeting;
        }

        public String getJava() {
            return java;
        }
    }

    @Override
    public Answer handleRequest(Event event, Context context) {
        context.getLogger().log("greeting " + event.getName());
        String greeting = Joiner.on(", ").join("Hello", event.getName() + "!");
        return new Answer(greeting, System.getProperty("java.version"));
    }
}
