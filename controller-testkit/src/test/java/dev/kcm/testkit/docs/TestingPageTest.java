package dev.kcm.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/testing.md} shows is what runs here. */
class TestingPageTest {

  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Path SOURCE = Path.of("src/test/java/dev/kcm/testkit/docs");

  @Test
  void theFirstSnippetIsATestThatRuns() throws IOException {
    String page = Files.readString(Path.of("../docs/testing.md"));
    String snippet =
        JAVA.matcher(page).results().map(TestingPageTest::code).findFirst().orElseThrow();
    String source = Files.readString(SOURCE.resolve("GreetingTest.java"));

    assertThat(snippet).isEqualTo(source.substring(source.indexOf("@KubernetesTest")));
  }

  private static String code(MatchResult match) {
    return match.group(1);
  }
}
