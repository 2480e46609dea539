package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class WarningsTest {

  private final List<String> taken = new ArrayList<>();
  private final Warnings warnings = new Warnings(taken::add);

  @Test
  void handsOnTheTextOfEachWarningWithoutItsQuotes() {
    int count =
        warnings.take(
            List.of("299 - \"v1beta1 is old\"", "299 server:1 \"say \\\"hi\\\"\" \"date\""));

    assertThat(count).isEqualTo(2);
    assertThat(taken).containsExactly("v1beta1 is old", "say \"hi\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "299", "299 -", "299 - text", "199 - \"other code\"", "299 - \"open"})
  void ignoresWhatIsNoWarningOfThisForm(String header) {
    assertThat(warnings.take(List.of(header))).isZero();
    assertThat(taken).isEmpty();
  }

  @Test
  void aTakerThatThrowsCostsNothing() {
    Warnings broken =
        new Warnings(
            text -> {
              throw new IllegalStateException("full");
            });

    assertThat(broken.take(List.of("299 - \"a\"", "299 - \"b\""))).isEqualTo(2);
  }

  @Test
  void logsEachTextOnceWhileItIsRemembered() {
    Logger logger = (Logger) LoggerFactory.getLogger(ApiClients.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    try {
      Warnings logging = new Warnings(null);
      for (int i = 0; i < 2500; i++) {
        logging.take(List.of("299 - \"often\"", "299 - \"text " + i + "\""));
      }
      logging.take(List.of("299 - \"text 0\""));
    } finally {
      logger.detachAppender(heard);
      logger.setLevel(null);
      logger.setAdditive(true);
    }

    assertThat(heard.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(message -> message.endsWith("often") || message.endsWith("text 0"))
        .containsExactly(
            "The API server warns: often",
            "The API server warns: text 0",
            "The API server warns: text 0");
  }
}
