"""The bridge between Danish, Norwegian and Swedish: what a word is called, or how it is spelled, there."""
