package dev.kcm.embedded.http;

import dev.kcm.embedded.access.Attributes;
import dev.kcm.embedded.access.Authorizer;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import io.undertow.server.HttpServerExchange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Authenticates and authorizes requests. Immutable. */
final class Access {

  private static final Pattern BY_NAME = Pattern.compile("metadata\\.name==?([^=/%\\\\]+)");

  private final Authentication authentication;
  private final Authorizer authorizer;

  Access(Authentication authentication, Authorizer authorizer) {
    this.authentication = authentication;
    this.authorizer = authorizer;
  }

  /** Who sends the request, or in whose name. */
  UserInfo user(HttpServerExchange exchange) {
    UserInfo sender = authentication.authenticate(exchange);
    Optional<UserInfo> other = Impersonation.wanted(exchange.getRequestHeaders());
    other.ifPresent(
        wanted ->
            Impersonation.rights(exchange.getRequestHeaders(), wanted)
                .forEach(right -> require(sender, right)));
    return other.orElse(sender);
  }

  /**
   * A request to a resource, as access rules see it: a list or watch that selects one name is about
   * the object of that name.
   */
  static Attributes attributes(Route route, String path) {
    RequestPath.Resource target = route.target();
    boolean many = route.verb() == Verb.LIST || route.verb() == Verb.WATCH;
    return new Attributes(
        route.verb().text(),
        target.group(),
        target.version(),
        target.resource(),
        target.subresource(),
        target.accessNamespace(),
        many ? selectedName(QueryString.first(route.query(), "fieldSelector")) : target.name(),
        path);
  }

  private static String selectedName(String fieldSelector) {
    for (String term : fieldSelector.split(",", -1)) {
      Matcher name = BY_NAME.matcher(term);
      if (name.matches()) {
        return name.group(1);
      }
    }
    return "";
  }

  /** Lets the request go on, or refuses it with the reason. */
  void require(UserInfo user, Attributes attributes) {
    Authorizer.Decision decision = authorizer.authorize(user, attributes);
    if (decision.allowed()) {
      return;
    }
    if (!attributes.isResource()) {
      throw Refusal.forbiddenPath(
          user.name(), attributes.verb(), escaped(attributes.path()), decision.reason());
    }
    String why = "User \"%s\" %s".formatted(user.name(), escaped(attributes.sentence()));
    throw Statuses.forbidden(
        attributes.group(),
        attributes.resource(),
        attributes.name(),
        decision.reason().isEmpty() ? why : why + ": " + decision.reason());
  }

  /** Keeps a path from becoming markup where a message ends up in a page. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
