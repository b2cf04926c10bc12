"""Pictures that chat and digests show. Whoever draws imports them then: an imaging library is heavy."""
