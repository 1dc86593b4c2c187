"""The factories make rows that the tables accept."""

import datetime

import pytest

from archive.tests.factories import ArticleFactory, CreditFactory, MentionFactory

pytestmark = pytest.mark.django_db


def test_an_article_made_to_order_has_the_date_columns_of_its_date():
    article = ArticleFactory(date="2021-06")
    article.refresh_from_db()
    assert article.date_edtf == "2021-06"
    assert article.date_earliest == datetime.date(2021, 6, 1)
    assert article.date_latest == datetime.date(2021, 6, 30)


def test_an_article_without_a_date_is_undated():
    assert ArticleFactory().date_earliest is None


def test_a_mention_points_at_a_form_of_its_entity():
    mention = MentionFactory()
    assert mention.form.entity == mention.entity
    assert mention.end - mention.start == len(mention.entity.name)


def test_a_credit_is_printed_as_its_agency_is_called():
    credit = CreditFactory(agency__name="Nordbureau")
    assert credit.printed == "Nordbureau"
