package dev.kcm.daemon.auth;

import java.util.List;

/**
 * Which proxies are believed, and where they say who the user is.
 *
 * @param authorities whose certificates make a proxy
 * @param allowedNames common names of those certificates; empty means any
 * @param usernameHeaders headers with the user, the first with a value counts
 * @param groupHeaders headers with groups, all count
 * @param extraHeaderPrefixes prefixes of headers with further attributes
 * @param uidHeaders headers with the UID, the first with a value counts
 */
public record ProxyTrust(
    TrustedAuthorities authorities,
    List<String> allowedNames,
    List<String> usernameHeaders,
    List<String> groupHeaders,
    List<String> extraHeaderPrefixes,
    List<String> uidHeaders) {

  public ProxyTrust {
    allowedNames = List.copyOf(allowedNames);
    usernameHeaders = List.copyOf(usernameHeaders);
    groupHeaders = List.copyOf(groupHeaders);
    extraHeaderPrefixes = List.copyOf(extraHeaderPrefixes);
    uidHeaders = List.copyOf(uidHeaders);
  }
}
