package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kcm.core.time.VirtualEnvironment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class ClientMetersTest {

  private static final Call GET =
      new Call("GET", URI.create("https://server:6443/api/v1/pods?limit=5"), "*/*", null, null);

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);

  static Stream<MeterRegistry> registries() {
    MeterRegistry tagged = new SimpleMeterRegistry();
    tagged.config().meterFilter(MeterFilter.commonTags(List.of(Tag.of("region", "north"))));
    return Stream.of(
        new SimpleMeterRegistry(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        new CompositeMeterRegistry().add(new SimpleMeterRegistry()),
        tagged);
  }

  private ClientMeters join(MeterRegistry registry, String host) {
    return ClientMeters.join(registry, environment.ticker(), host);
  }

  private static double answers(MeterRegistry registry, String host) {
    return registry.get("rest_client_requests_total").tags("host", host).counter().count();
  }

  @ParameterizedTest
  @MethodSource("registries")
  @DisplayName("GEN-6 clients of one host share meters, and the last one takes them away")
  void theLastClientOfAHostTakesItsMetersAway(MeterRegistry registry) {
    ClientMeters one = join(registry, "server:6443");
    ClientMeters two = join(registry, "server:6443");
    ClientMeters other = join(registry, "other:6443");
    Stream.of(one, two, other).forEach(meters -> meters.answered(GET, 200));
    assertThat(answers(registry, "server:6443")).isEqualTo(2);

    one.leave();
    two.answered(GET, 200);
    assertThat(answers(registry, "server:6443")).isEqualTo(3);
    other.leave();
    two.leave();
    assertThat(registry.getMeters()).isEmpty();

    two.answered(GET, 404);
    two.finished(GET, 0, 5);
    assertThat(registry.getMeters()).as("what comes late goes nowhere").isEmpty();
    ClientMeters again = join(registry, "server:6443");
    again.answered(GET, 200);
    assertThat(answers(registry, "server:6443")).isEqualTo(1);
    again.leave();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  @DisplayName(
      "HLP-14 waits above 50 ms are logged at debug, above 1 s at info, with verb and path")
  void longWaitsForTheRateLimitAreLogged() {
    Logger logger = (Logger) LoggerFactory.getLogger(ApiClients.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(lines);
    MeterRegistry registry = new SimpleMeterRegistry();
    ClientMeters meters = join(registry, "server:6443");
    try {
      for (int millis : new int[] {0, 50, 51, 1000, 1001}) {
        long since = environment.ticker().nanos();
        environment.advance(Duration.ofMillis(millis));
        meters.waited(GET, since);
      }
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::toString)
        .containsExactly(
            "[DEBUG] Waited 51 ms for the client's own rate limit before GET /api/v1/pods",
            "[DEBUG] Waited 1000 ms for the client's own rate limit before GET /api/v1/pods",
            "[INFO] Waited 1001 ms for the client's own rate limit before GET /api/v1/pods");
    assertThat(registry.get("rest_client_rate_limiter_duration").timer().count()).isEqualTo(5);
  }
}
