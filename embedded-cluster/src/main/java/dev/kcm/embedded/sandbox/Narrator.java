package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Tells what happens in the cluster: who leads, and every Event as it is recorded. Two watches,
 * each on a daemon thread, for as long as the process lives.
 */
final class Narrator {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Kube kube;
  private final PrintStream out;

  Narrator(Kube kube, PrintStream out) {
    this.kube = kube;
    this.out = out;
  }

  void start() {
    follow(
        "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?watch=true&fieldSelector="
            + "metadata.name%3Dkube-controller-manager",
        new Leadership());
    follow("/api/v1/events?watch=true", this::event);
  }

  private void follow(String path, Consumer<JsonNode> frame) {
    Thread thread = new Thread(() -> read(path, frame), "narrator");
    thread.setDaemon(true);
    thread.start();
  }

  private void read(String path, Consumer<JsonNode> frame) {
    try (Stream<String> lines = kube.watch(path)) {
      for (String line : (Iterable<String>) lines::iterator) {
        frame.accept(Kube.JSON.readTree(line).path("object"));
      }
    } catch (IOException | RuntimeException e) {
      say("(the watch of " + path + " ended: " + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void event(JsonNode event) {
    JsonNode about = event.path("involvedObject");
    say(
        "%-16s %s/%s: %s"
            .formatted(
                event.path("reason").asText(),
                about.path("kind").asText(),
                about.path("name").asText(),
                event.path("message").asText()));
  }

  private void say(String text) {
    out.println(LocalTime.now(java.time.ZoneId.systemDefault()).format(TIME) + "  " + text);
  }

  /** Speaks only when the holder changes. */
  private final class Leadership implements Consumer<JsonNode> {

    private String holder = "?";

    @Override
    public void accept(JsonNode lease) {
      String now = lease.path("spec").path("holderIdentity").asText("");
      if (!now.equals(holder)) {
        holder = now;
        say(now.isEmpty() ? "nobody leads" : "leader: " + now);
      }
    }
  }
}
