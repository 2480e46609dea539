package dev.kcm.embedded.access;

import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.UserInfo;
import java.security.KeyPair;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Authentication by token and authorization for one API server, which from then on also answers
 * token requests and reviews, and holds the roles and bindings that a cluster starts with.
 *
 * <pre>{@code
 * AccessControl access = AccessControl.over(server, keys, AuthorizationMode.RBAC, clock);
 * Optional<UserInfo> user = access.authenticate(bearerToken);
 * }</pre>
 *
 * <p>Thread-safe: all state is in the server.
 */
public final class AccessControl {

  private final Tokens tokens;
  private final Authorizer authorizer;

  private AccessControl(Tokens tokens, Authorizer authorizer) {
    this.tokens = tokens;
    this.authorizer = authorizer;
  }

  /**
   * Controls access to a server. Its namespaces must exist; call it once, before the first request.
   *
   * @param server the server; gets the bootstrap roles, and answers reviews from now on
   * @param tokenKeys key that signs and checks service account tokens: RSA or P-256
   * @param mode who decides
   * @param clock by which tokens expire
   */
  public static AccessControl over(
      ApiServer server, KeyPair tokenKeys, AuthorizationMode mode, Clock clock) {
    BootstrapRoles.createIn(server);
    CoreObjects objects = new CoreObjects(server);
    Jwt jwt = new Jwt(tokenKeys);
    Tokens tokens = new Tokens(server, objects, jwt, clock);
    RbacAuthorizer rbac = new RbacAuthorizer(server);
    Authorizer authorizer = mode.over(rbac);
    Reviews reviews = new Reviews(tokens, clock);
    AccessReviews accessReviews = new AccessReviews(authorizer, rbac);
    server.serve("serviceaccounts/token", new TokenRequests(objects, jwt, clock)::answer);
    server.serve("tokenreviews.authentication.k8s.io", reviews::token);
    server.serve("selfsubjectreviews.authentication.k8s.io", reviews::self);
    server.serve("subjectaccessreviews.authorization.k8s.io", accessReviews::subject);
    server.serve("localsubjectaccessreviews.authorization.k8s.io", accessReviews::local);
    server.serve("selfsubjectaccessreviews.authorization.k8s.io", accessReviews::self);
    server.serve("selfsubjectrulesreviews.authorization.k8s.io", accessReviews::selfRules);
    Escalation escalation = new Escalation(server, authorizer, rbac);
    server.guard("roles.rbac.authorization.k8s.io", escalation::checkRole);
    server.guard("clusterroles.rbac.authorization.k8s.io", escalation::checkRole);
    server.guard("rolebindings.rbac.authorization.k8s.io", escalation::checkBinding);
    server.guard("clusterrolebindings.rbac.authorization.k8s.io", escalation::checkBinding);
    return new AccessControl(tokens, authorizer);
  }

  /**
   * Whom a bearer token stands for.
   *
   * @return empty when the token does not hold
   */
  public Optional<UserInfo> authenticate(String token) {
    try {
      return Optional.of(tokens.check(token, List.of(ServiceAccountTokens.ISSUER)).user());
    } catch (TokenException refused) {
      return Optional.empty();
    }
  }

  /** Who may do what. */
  public Authorizer authorizer() {
    return authorizer;
  }
}
