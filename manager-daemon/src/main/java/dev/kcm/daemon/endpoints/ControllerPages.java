package dev.kcm.daemon.endpoints;

import dev.kcm.core.loop.Explanation;
import dev.kcm.core.manager.ControllerState;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.undertow.server.HttpServerExchange;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code /debug/controllers}: what controllers do, did last, and would do for an object.
 *
 * <p>Thread-safe: managers are added and never removed.
 */
public final class ControllerPages {

  private static final String PATH = "/debug/controllers";

  private static final Pattern KEY = Pattern.compile("([^/]+/)?[^/]+");

  private final List<Manager> managers = new CopyOnWriteArrayList<>();

  /** Tells about a manager from now on. */
  public void show(Manager running) {
    managers.add(running);
  }

  /** The endpoints by path. */
  public Map<String, Endpoint> endpoints() {
    return Map.of(
        PATH,
        exchange -> send(exchange, states()),
        PATH + "/*",
        exchange -> one(exchange, exchange.getRequestPath().substring(PATH.length() + 1)));
  }

  private List<ControllerState> states() {
    return managers.stream().flatMap(manager -> manager.states().stream()).toList();
  }

  private void one(HttpServerExchange exchange, String name) {
    List<ControllerState> named =
        states().stream().filter(state -> state.name().equals(name)).toList();
    Deque<String> keys = exchange.getQueryParameters().get("key");
    if (named.isEmpty()) {
      Answers.notFound(exchange);
    } else if (keys == null) {
      send(exchange, named);
    } else {
      explain(exchange, name, keys.getFirst());
    }
  }

  private static void send(HttpServerExchange exchange, List<ControllerState> states) {
    Answers.text(
        exchange,
        200,
        states.stream().map(ControllerState::text).collect(Collectors.joining("\n")));
  }

  private void explain(HttpServerExchange exchange, String name, String text) {
    Optional<Manager> running = managers.stream().filter(m -> runs(m, name)).findFirst();
    if (!KEY.matcher(text).matches()) {
      Answers.text(exchange, 400, "key must be a name, or a namespace, a slash and a name\n");
    } else if (running.isEmpty()) {
      Answers.text(exchange, 409, name + " does not run here: this process does not lead\n");
    } else {
      ObjectKey key = ObjectKey.parse(text);
      Map<String, Explanation> explanations = running.get().explain(name, key);
      Answers.text(
          exchange,
          200,
          explanations.entrySet().stream()
              .map(loop -> loop.getKey() + "\n" + loop.getValue().text() + "\n")
              .collect(Collectors.joining()));
    }
  }

  private static boolean runs(Manager manager, String name) {
    return manager.health().containsKey(name) && !manager.loops(name).isEmpty();
  }
}
