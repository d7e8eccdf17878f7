// Handlers of other shapes for Rehearsal, in a class file of its own: methods of classes that implement nothing.
package warm;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.List;

public final class WarmMethods {
    public Answer answer(Question question, Context context) {
        context.getLogger().log("warm");
        return new Answer(question.getText());
    }

    public String greet(String name) {
        return name;
    }

    public static final class Question {
        private String text;
        private List<Integer> numbers;

        public String getText() {
            return text;
        }

        public void setText(String text) {
            this.text = text;
        }

        public List<Integer> getNumbers() {
            return numbers;
        }

        public void setNumbers(List<Integer> numbers) {
            this.numbers = numbers;
        }
    }

    public static final class Answer {
        private final String text;

        Answer(String text) {
            this.text = text;
        }

        public String getText() {
            return text;
        }
    }
}
