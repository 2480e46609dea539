package dev.kcm.daemon.auth;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request to the HTTPS port, and whether it may.
 *
 * <p>Users are known by the headers of a trusted front proxy, by client certificate, or by bearer
 * token, in this order. Permissions come from the group {@code system:masters}, from the list of
 * paths anybody may reach, or from the API server. Thread-safe: the parts are.
 */
public final class AccessControl {

  private final AuthenticationChain authentication;
  private final Authorizer authorizer;

  private AccessControl(AuthenticationChain authentication, Authorizer authorizer) {
    this.authentication = authentication;
    this.authorizer = authorizer;
  }

  /** Access control that, as it is, knows nobody and allows nothing but to system:masters. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Finds out who sends a request.
   *
   * @return never fails; empty when the credentials prove nothing
   */
  public CompletableFuture<Optional<User>> userOf(Credentials credentials) {
    return authentication.userOf(credentials);
  }

  /**
   * Decides whether a user may do something with a path.
   *
   * @param method HTTP method
   * @param path URL path
   * @return never fails
   */
  public CompletableFuture<Decision> decide(User user, String method, String path) {
    return authorizer.decide(user, method, path);
  }

  /** Collects what to believe and whom to ask. Confined to one thread. */
  public static final class Builder {

    private Supplier<TrustedAuthorities> clientAuthorities = () -> TrustedAuthorities.NONE;
    private Supplier<Optional<ProxyTrust>> frontProxy = Optional::empty;
    private List<String> alwaysAllowed = List.of();
    private @Nullable ApiClient tokenReviewer;
    private Duration tokenTtl = Duration.ZERO;
    private @Nullable ApiClient accessReviewer;
    private Duration allowedTtl = Duration.ZERO;
    private Duration deniedTtl = Duration.ZERO;

    private Builder() {}

    /** Whose client certificates prove who somebody is; asked for at each request. */
    public Builder clientAuthorities(Supplier<TrustedAuthorities> authorities) {
      clientAuthorities = authorities;
      return this;
    }

    /** Which front proxy is believed; asked for at each request. */
    public Builder frontProxy(Supplier<Optional<ProxyTrust>> trust) {
      frontProxy = trust;
      return this;
    }

    /**
     * Has bearer tokens looked at; without it they are ignored.
     *
     * @param reviewer client that may create TokenReviews
     * @param remembered how long an answer counts
     */
    public Builder tokenReviews(ApiClient reviewer, Duration remembered) {
      tokenReviewer = reviewer;
      tokenTtl = remembered;
      return this;
    }

    /**
     * Paths open to anybody.
     *
     * @param paths exact, or prefixes ending in {@code *}
     */
    public Builder alwaysAllow(List<String> paths) {
      alwaysAllowed = paths;
      return this;
    }

    /**
     * Has the API server decide what nothing else decides; without it that is refused.
     *
     * @param reviewer client that may create SubjectAccessReviews
     * @param allowed how long a permission counts
     * @param denied how long a refusal counts
     */
    public Builder accessReviews(ApiClient reviewer, Duration allowed, Duration denied) {
      accessReviewer = reviewer;
      allowedTtl = allowed;
      deniedTtl = denied;
      return this;
    }

    /**
     * Makes the access control.
     *
     * @param environment clocks, timers, threads
     * @param registry where the meters go
     */
    public AccessControl create(Environment environment, MeterRegistry registry) {
      AuthMeters meters = new AuthMeters(registry);
      List<Authenticator> authenticators = new ArrayList<>();
      authenticators.add(new FrontProxy(frontProxy, environment.wallClock()));
      authenticators.add(
          new ClientCertificates(clientAuthorities, environment.wallClock(), meters));
      if (tokenReviewer != null) {
        Reviews reviews = new Reviews(tokenReviewer, "authn", meters, environment);
        authenticators.add(new BearerTokens(reviews, tokenTtl, meters, environment));
      }
      Optional<AccessReviews> access = Optional.empty();
      if (accessReviewer != null) {
        Reviews reviews = new Reviews(accessReviewer, "authz", meters, environment);
        access = Optional.of(new AccessReviews(reviews, allowedTtl, deniedTtl, environment));
      }
      return new AccessControl(
          new AuthenticationChain(authenticators, environment.ticker(), meters),
          new Authorizer(alwaysAllowed, access, environment.ticker(), meters));
    }
  }
}
