package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.access.Attributes;
import dev.kcm.embedded.http.Representation.Format;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: read the body, find out who asks and what for, check, hand over, and
 * turn whatever goes wrong into a Status.
 *
 * <p>Thread-safe. Bodies are collected on I/O threads, everything else runs on worker threads.
 */
final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Access access;
  private final ResourceHandler resources;
  private final DocumentHandler documents;

  RequestHandler(Access access, ResourceHandler resources, DocumentHandler documents) {
    this.access = access;
    this.resources = resources;
    this.documents = documents;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Responder.prepare(exchange);
    BodyReader.read(
        exchange,
        (whole, body) -> whole.dispatch(worker -> serve(worker, body)),
        RequestHandler::refuse);
  }

  private void serve(HttpServerExchange exchange, byte[] body) {
    try {
      route(exchange, body);
    } catch (StatusException e) {
      refuse(exchange, e.code(), e.status());
    } catch (Refusal e) {
      refuse(exchange, e);
    } catch (Exception e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      StatusException refusal = Statuses.internalError(String.valueOf(e.getMessage()));
      refuse(exchange, refusal.code(), refusal.status());
    }
  }

  private void route(HttpServerExchange exchange, byte[] body) throws Exception {
    RequestPath path = RequestPath.parse(rawPath(exchange));
    Map<String, List<String>> query = QueryString.parse(exchange.getQueryString());
    UserInfo user = access.user(exchange);
    Request request = new Request(exchange, user, query, body);
    if (path instanceof RequestPath.Resource target) {
      Route route = Route.of(request.method(), target, query);
      access.require(user, Access.attributes(route, exchange.getRequestPath()));
      resources.handle(request, route);
    } else if (path instanceof RequestPath.Plain plain) {
      String verb = request.method().toString().toLowerCase(Locale.ROOT);
      access.require(user, Attributes.ofPath(verb, plain.path()));
      documents.handle(request, plain);
    }
  }

  /** The path as sent; the server library leaves it escaped. */
  private static String rawPath(HttpServerExchange exchange) {
    return exchange.isHostIncludedInRequestURI()
        ? exchange.getRequestPath()
        : exchange.getRequestURI();
  }

  private static void refuse(HttpServerExchange exchange, Refusal refusal) {
    refuse(exchange, refusal.code(), refusal.status());
  }

  private static void refuse(HttpServerExchange exchange, int code, ObjectNode status) {
    if (exchange.isResponseStarted()) {
      exchange.endExchange();
      return;
    }
    int retryAfter = status.path("details").path("retryAfterSeconds").asInt();
    if (retryAfter > 0) {
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retryAfter);
    }
    Format format =
        Request.header(exchange, Headers.ACCEPT).startsWith(Format.YAML.mediaType())
            ? Format.YAML
            : Format.JSON;
    Responder.send(exchange, code, status, format, Responder.isPretty(exchange, ""));
  }
}
