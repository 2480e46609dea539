package dev.kcm.core.api;

/**
 * The metadata of one page of a list.
 *
 * @param resourceVersion revision the list is consistent with
 * @param continueToken token of the next page, empty on the last
 */
public record ListPage(String resourceVersion, String continueToken) {}
