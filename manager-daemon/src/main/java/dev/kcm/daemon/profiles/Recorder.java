package dev.kcm.daemon.profiles;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.profiles.Profiles.Profile;
import dev.kcm.daemon.profiles.Profiles.Shape;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.FlightRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one profile at a time. No thread waits while it records.
 *
 * <p>Thread-safe: {@code busy} is taken by whoever records.
 */
final class Recorder {

  /** The longest time to record. */
  static final int MOST_SECONDS = 300;

  /** After which a recording ends by itself, should nobody have ended it. */
  private static final Duration SLACK = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final Environment environment;
  private final Executor executor;
  private final AtomicBoolean busy = new AtomicBoolean();

  Recorder(Environment environment) {
    this.environment = environment;
    this.executor = environment.executor("profile");
  }

  /** Records for some time, then answers. */
  void record(HttpServerExchange exchange, String name, Recording kind, Duration time) {
    if (!FlightRecorder.isAvailable()) {
      Profiles.refuse(exchange, 501, "This Java runtime has no flight recorder\n");
    } else if (!busy.compareAndSet(false, true)) {
      Profiles.refuse(exchange, 409, "Another profile is being recorded\n");
    } else {
      exchange.dispatch(executor, () -> begin(new Job(exchange, name, kind, time)));
    }
  }

  private record Job(HttpServerExchange exchange, String name, Recording kind, Duration time) {}

  private void begin(Job job) {
    try {
      Instant begun = environment.wallClock().now();
      jdk.jfr.Recording recording = job.kind.start(job.time.plus(SLACK));
      environment.timers().schedule(job.time, executor, () -> finish(job, recording, begun));
    } catch (RuntimeException e) {
      busy.set(false);
      fail(job, e);
    }
  }

  private void finish(Job job, jdk.jfr.Recording recording, Instant begun) {
    try {
      answer(job, recording, begun);
    } catch (IOException | RuntimeException e) {
      fail(job, e);
    } finally {
      recording.close();
      busy.set(false);
    }
  }

  private static void answer(Job job, jdk.jfr.Recording recording, Instant begun)
      throws IOException {
    Path file = Files.createTempFile("kcm-profile-", ".jfr");
    try {
      recording.dump(file);
      Shape shape = Shape.of(job.exchange);
      if (shape == Shape.JFR) {
        Shape.attach(job.exchange, job.name + ".jfr", Files.readAllBytes(file));
      } else {
        shape.send(
            job.exchange,
            job.name,
            new Profile(job.kind.read(file), begun, job.time, job.kind.period()));
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void fail(Job job, Exception e) {
    log.warn("Could not record the profile {}: {}", job.name, e.toString());
    if (!job.exchange.isResponseStarted()) {
      Answers.text(job.exchange, 500, "Could not enable profiling: " + e.getMessage() + "\n");
    }
  }
}
